"""What each address of the portal is, to the matrix. A new page without a row here fails the build.

The rows say which model a page shows or writes and which right it asks for; whether a visitor has that right
for a record in a scope is said by cooperation.permissions alone.
"""

from dataclasses import dataclass

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from portal.opendata.columns import FILES
from portal.sitemaps import SITEMAPS

# Pages that the admin has of every model: kind → the right that they need.
ADMIN_KINDS = {
    "changelist": "view",
    "add": "add",
    "change": "view",
    "delete": "delete",
    "history": "view",
    "simple_history": "view",
    "export": "export",
    "bin": "delete",
}
# Pages that one admin has of its own → the test that asks all their cells (test_matrix_admin_own.py).
ADMIN_OWN = {
    "admin:auth_user_password_change": "test_passwords",
    "admin:cooperation_importbatch_upload": "test_uploads",
    "admin:cooperation_importbatch_template": "test_uploads",
    "admin:cooperation_importbatch_detail": "test_batches",
    "admin:cooperation_importbatch_act": "test_batches",
    "admin:cooperation_importbatch_annotated": "test_batches",
    "admin:cooperation_importbatch_undo": "test_batches",
    "admin:enterprises_enterprise_unmerge": "test_unmerging",
    "admin:programs_reportingperiod_open": "test_opening_periods",
}
# Pages of the admin as a whole, no model's → what whoever is signed in as staff gets.
ADMIN_SITE = {
    "admin:index": 200,
    "admin:app_list": 200,  # or 404 for whoever sees nothing of the app
    "admin:autocomplete": 200,  # test_autocomplete asks all its cells
    "admin:jsi18n": 200,
    "admin:login": 302,
    "admin:logout": 405,
    "admin:password_change": 302,
    "admin:password_change_done": 200,
    "admin:search": 200,  # test_the_search_of_the_admin
    "admin:view_on_site": 410,  # test_view_on_site_tells_nothing
}
# Addresses without a name: Django's admin sends /<pk>/ on to /<pk>/change/, and catches the rest.
NAMELESS = {
    "<path:object_id>/": "admin",
    "(?P<url>.*)$": "admin",
    "admin/password_change/": "portal",
    "admin/r/<path:address>": "portal",
}


@dataclass(frozen=True)
class Page:
    """A page outside the admin. `test` asks its cells; `model` is whose record or list it shows.

    `shown` and `refused` are what can stand in the address of a page that is no record's; `query` is asked.
    """

    test: str
    model: str = ""
    shown: tuple[dict, ...] = ({},)
    refused: tuple[dict, ...] = ()
    query: dict | None = None


def _public(model: str = "") -> Page:
    return Page("test_public_records" if model else "test_public_lists", model)


def _list(model: str) -> Page:
    return Page("test_public_lists", model)


PAGES = {
    # Public: what is published, for everybody alike
    "home": Page("test_public_lists"),
    "plan-list": _list("cooperation.jointplan"),
    "agreement-list": _list("cooperation.agreement"),
    "agency-list": _list("cooperation.agency"),
    "source-list": _list("cooperation.source"),
    "activity-list": _list("programs.activity"),
    "program-list": _list("programs.program"),
    "mou-list": _list("enterprises.mou"),
    "enterprise-list": _list("enterprises.enterprise"),
    "timeline": Page("test_public_lists"),
    "agency-report": Page("test_public_lists"),
    "sealed-list": _list("programs.reportingperiod"),
    "method": Page("test_public_lists"),
    "search": Page("test_public_lists", query={"tim": "zz"}),
    "changes": Page("test_public_lists"),
    "changes-csv": Page("test_public_lists"),
    "changes-feed": Page("test_public_lists"),
    "open-data": Page("test_public_lists"),
    "open-data-file": Page(
        "test_public_lists",
        shown=tuple({"ten": name} for name in FILES),
        refused=({"ten": "khong-co"},),
    ),
    # The world's areas: 1 is public, 2 is not, 3 is in the bin.
    "share-picture": Page(
        "test_public_lists",
        shown=({}, {"number": 1}),
        refused=({"number": 2}, {"number": 3}, {"number": 999}),
    ),
    "robots": Page("test_public_lists"),
    "sitemap": Page("test_public_lists"),
    "sitemap-section": Page(
        "test_public_lists",
        shown=tuple({"section": name} for name in SITEMAPS),
        refused=({"section": "khong-co"},),
    ),
    "agreement-detail": _public("cooperation.agreement"),
    "agency-detail": _public("cooperation.agency"),
    "area-detail": _public("cooperation.cooperationarea"),
    "activity-detail": _public("programs.activity"),
    "program-detail": _public("programs.program"),
    "mou-detail": _public("enterprises.mou"),
    "enterprise-detail": _public("enterprises.enterprise"),
    "period-detail": _public("programs.reportingperiod"),
    "sealed-period": _public("programs.snapshot"),
    "sealed-content": _public("programs.snapshot"),
    "sealed-csv": _public("programs.snapshot"),
    # Staff
    "my-work": Page("test_my_work"),
    "board": Page("test_the_board"),
    "board-activities": Page("test_the_board", "programs.activity"),
    "board-memoranda": Page("test_the_board", "enterprises.mou"),
    "board-ask": Page("test_asking_at_once", "programs.explanationrequest"),
    "saved-filters": Page("test_saved_filters"),
    "evidence-file": Page("test_evidence", "programs.evidence"),
    "report-write": Page("test_writing_reports", "programs.progressupdate"),
    "completion-answer": Page("test_answering_completions", "programs.progressupdate"),
    "report-queue": Page("test_the_queue", "programs.progressupdate"),
    "report-review": Page("test_reviewing", "programs.progressupdate"),
    "explanation-list": Page("test_explanations", "programs.explanationrequest"),
    "explanation-detail": Page("test_explanations", "programs.explanationrequest"),
    "explanation-ask-activity": Page("test_asking", "programs.explanationrequest"),
    "explanation-ask-area": Page("test_asking", "programs.explanationrequest"),
    # One's own account
    "account": Page("test_account"),
    "account-password": Page("test_account"),
    "account-verify": Page("test_account"),
    "account-second-factor": Page("test_account"),
}

# What the admin never lets anybody do, whatever the role: written elsewhere, or never again.
CLOSED = {
    "cooperation.columnmapping": {"add", "change"},
    "cooperation.importbatch": {"add", "change", "delete"},
    "cooperation.user": {"delete"},
    "enterprises.enterprisemerge": {"add", "change", "delete"},
    "programs.erratum": {"add", "change", "delete"},
    "programs.explanationrequest": {"add", "change", "delete"},
    "programs.periodreport": {"add", "change", "delete"},
    "programs.snapshot": {"add", "change", "delete"},
}
# Exported by nobody, though the role may: the list has no columns for it.
NOT_EXPORTED = {"cooperation.source", "cooperation.backgroundfact"}
# What was sent for approval or accepted is not rewritten, by nobody: (model, scope) as the world has them.
FROZEN = {("programs.progressupdate", scope) for scope in ("partner", "neighbour", "foreign")}

# Bulk actions → the right that they need. Those that delete or merge stand with their tests.
ACTIONS = {
    ("programs.progressupdate", "submit_reports"): "change",
    ("programs.progressupdate", "accept_reports"): "accept",
    ("programs.progressupdate", "return_reports"): "accept",
    ("enterprises.enterprise", "merge_enterprises"): "change",
    ("cooperation.user", "unlock_sign_in"): "change",
    ("cooperation.user", "reset_second_factor"): "change",
    ("cooperation.columnmapping", "delete_selected"): "delete",
}
# Lists of the record's page: (model, part) → what nobody does there.
INLINES = {
    ("programs.activity", "programs.progressupdate"): {"change", "delete"},
    ("programs.activity", "programs.milestone"): set(),
    ("programs.activity", "programs.schedulechange"): set(),
    ("programs.activity", "programs.suspension"): set(),
    ("programs.activity", "programs.evidence"): set(),
    ("programs.indicator", "programs.indicatorvalue"): set(),
}


def addresses(patterns=None, namespace="", parameters=()):
    """Yield (full name or route, names of the parameters) of every address, nameless ones by their route."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = (*parameters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else str(pattern.pattern), here


def registered() -> dict[str, admin.ModelAdmin]:
    """Every model of the admin by its label."""
    return {model._meta.label_lower: found for model, found in admin.site._registry.items()}


def admin_name(label: str, kind: str) -> str:
    return f"admin:{label.replace('.', '_')}_{kind}"


def kinds_of(label: str) -> list[str]:
    """The common kinds of page that the model really has."""
    names = {name for name, _parameters in addresses()}
    return [kind for kind in ADMIN_KINDS if admin_name(label, kind) in names]
