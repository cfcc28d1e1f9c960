"""The matrix of what admin pages hold: new records by owner, lists inside a record's page, bulk actions."""

from types import SimpleNamespace

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.test import RequestFactory
from django_otp.plugins.otp_totp.models import TOTPDevice

from cooperation.accounts.throttle import account_key
from cooperation.permissions import OWNED, allowed
from enterprises.models import Enterprise
from programs.models import ProgressUpdate
from tests.matrix import pages
from tests.matrix.admin_rules import expected, holds, stored, untouched, url
from tests.matrix.cells import FORBIDDEN, LOGIN, OK, undone, verdict
from tests.matrix.world import AGENCY_SCOPES, ANYBODY, CAST

pytestmark = pytest.mark.django_db

Status = ProgressUpdate.Status
PASSWORD = "Mot-mat-khau-dai-47"


def _plain(code):
    return {"title": code, "slug": code}


# What a person types on a page for a new record; `owner` is an agency, or an activity of it.
TYPED = {
    "cooperation.province": lambda world, _o: {
        "name": "Mới", "full_name": "Tỉnh Mới", "slug": "moi", "kind": "province",
    },
    "cooperation.agency": lambda world, _o: {"name": "Sở mới", "slug": "so-moi", "kind": "so"},
    "cooperation.agreement": lambda world, _o: _plain("thoa-thuan-moi") | {"level": "so"},
    "cooperation.jointplan": lambda world, _o: _plain("ke-hoach-moi"),
    "cooperation.cooperationarea": lambda world, _o: {"plan": world.plan.pk, "number": 77, "title": "Mới"},
    "cooperation.source": lambda world, _o: {"code": "N77", "publisher": "Báo", "title": "Tin mới"},
    "cooperation.backgroundfact": lambda world, _o: {"code": "N77", "title": "Tin", "relation": "one_side"},
    "programs.program": lambda world, _o: {"area": world.area.pk, "code": "CT-MOI", "title": "Mới"},
    "programs.indicator": lambda world, _o: {
        "area": world.area.pk, "code": "CH-MOI", "name": "Mới", "unit": "lượt", "aggregation": "periodic",
    },
    "programs.reportingperiod": lambda world, _o: {
        "plan": world.plan.pk, "kind": "month", "label": "Tháng 1",
        "start_on": "15/12/2018", "end_on": "14/01/2019",
    },
    "enterprises.enterprise": lambda world, _o: {"name": "Công ty Thử Mới"},
    "programs.activity": lambda world, owner: {
        "area": world.area.pk, "code": "HD-MOI", "title": "Mới", "lead_agency": owner.pk,
    },
    "programs.progressupdate": lambda world, owner: {
        "activity": owner.pk, "effective_on": "30/06/2023", "percent": "50",
    },
    "enterprises.mou": lambda world, owner: {
        "plan": world.plan.pk, "area": world.area.pk, "agency": owner.pk,
        "signed_on": "17/05/2020", "currency": "VND",
        "party_a": world.parties[0].pk, "party_b": world.parties[1].pk,
    },
    "cooperation.user": lambda world, owner: {
        "username": "nguoi-moi", "agency": owner.pk, "password1": PASSWORD, "password2": PASSWORD,
    },
}  # fmt: skip
OWNER_FIELD = {"programs.activity": "lead_agency", "enterprises.mou": "agency", "cooperation.user": "agency"}
LABELS = sorted(pages.registered())


def _owners(world, label):
    """(scope, whose a new record would be)."""
    if label not in OWNED:
        return [("shared", None)]
    if label == "programs.progressupdate":
        activities = world.records["programs.activity"]
        return [(scope, activities[scope]) for scope in (*AGENCY_SCOPES, "partner", "unpublished")]
    return [(scope, world.agencies[scope]) for scope in AGENCY_SCOPES]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("role", CAST)
def test_adding(world, visitors, cells, role, label):
    address, rows = url(label, "add"), apps.get_model(label)._base_manager
    page, want = visitors.get(role, address), expected(role, label, "add")
    cells.check(verdict(page) == want, role, label, "new", got=verdict(page))
    if want != OK:
        with undone():
            before = rows.count()
            answer = visitors.post(role, address, {"x": "1"})
            right = verdict(answer) == want and rows.count() == before
            cells.check(right, role, label, "add", got=verdict(answer))
        return
    assert label in TYPED, f"Say in tests/matrix/test_matrix_admin_parts.py (TYPED) what a new {label} needs"
    for scope, owner in _owners(world, label):
        with undone():
            before = rows.count()
            answer = visitors.post(role, address, {**untouched(page), **TYPED[label](world, owner)})
            made, may = rows.count() - before, allowed(role, label, "add", scope)
            errors = answer.context["adminform"].form.errors if answer.context else answer.status_code
            cells.check(made == int(may), role, label, "add", scope, got=(made, errors))


@pytest.mark.parametrize("label", sorted(OWNER_FIELD))
@pytest.mark.parametrize("role", CAST)
def test_giving_away(world, visitors, cells, role, label):
    """Nobody makes a record another agency's, but for whoever runs the system."""
    record = world.records[label]["own"]
    address, name = url(label, "change", record.pk), OWNER_FIELD[label]
    page = visitors.get(role, address)
    writes = verdict(page) == OK and expected(role, label, "change", "own") == OK
    for scope in AGENCY_SCOPES:
        agency = world.agencies[scope]
        with undone():
            data = {**(untouched(page) if writes else {}), name: agency.pk, "change_reason": "Chuyển"}
            visitors.post(role, address, data)
            got = stored(record)[f"{name}_id"] == agency.pk
            may = scope == "own" or (writes and allowed(role, label, "change", scope))
            cells.check(got == may, role, label, "give to", scope, got=got)


# Lists inside a record's page

NEW_PART = {
    "programs.progressupdate": {"effective_on": "30/06/2023", "percent": "60"},
    "programs.milestone": {"title": "Mốc mới", "due_on": "30/06/2023"},
    "programs.schedulechange": {"on": "01/02/2021", "due_before": "30/06/2021", "precision_before": "day"},
    "programs.suspension": {"suspended_on": "01/02/2021", "resumed_on": "01/03/2021"},
    "programs.evidence": {"title": "Minh chứng mới", "document_number": "9/BB"},
    "programs.indicatorvalue": {"year": "2023", "target": "7"},
}


def test_every_list_inside_a_page_has_a_row():
    found = {
        (label, inline.model._meta.label_lower)
        for label, model_admin in pages.registered().items()
        for inline in model_admin.inlines
    }
    assert found == set(pages.INLINES), "Say in tests/matrix/pages.py (INLINES) what stands on the page"
    assert {part for _label, part in found} <= set(NEW_PART), "Say in NEW_PART what a new row of it needs"


def _may(role, parent, part, action, scope) -> bool:
    """Whoever may not write the record writes nothing that stands on its page."""
    closed = pages.INLINES[parent, part]
    writes = expected(role, parent, "change", scope) == OK
    return writes and action not in closed and allowed(role, part, action, scope)


@pytest.mark.parametrize(("label", "part"), sorted(pages.INLINES))
@pytest.mark.parametrize("role", CAST)
def test_parts(world, visitors, cells, role, label, part):
    parts = apps.get_model(part)
    for scope, record in world.cells(label):
        address = url(label, "change", record.pk)
        page = visitors.get(role, address)
        if verdict(page) != OK or role == ANYBODY:
            continue  # test_changing has asked: there is no page to write on
        inlines = page.context["inline_admin_formsets"]
        inline = next(one for one in inlines if one.formset.model is parts)
        shown = {form.instance.pk for form in inline.formset.initial_forms}
        for part_scope, row in world.cells(part):
            if row.__dict__.get("activity_id", row.__dict__.get("indicator_id")) != record.pk:
                continue
            want = allowed(role, part, "view", part_scope)
            cells.check(
                (row.pk in shown) == want, role, label, part, "shown", part_scope, got=row.pk in shown
            )
        for action in ("add", "change", "delete"):
            got = bool(getattr(inline, f"has_{action}_permission"))
            want = _may(role, label, part, action, scope)
            cells.check(got == want, role, label, part, action, scope, got=got)
        if expected(role, label, "change", scope) != OK:
            continue
        with undone():
            before = parts._base_manager.count()
            prefix, data = inline.formset.prefix, untouched(page)
            number = int(data[f"{prefix}-TOTAL_FORMS"])
            data[f"{prefix}-TOTAL_FORMS"] = number + 1
            data |= {f"{prefix}-{number}-{name}": value for name, value in NEW_PART[part].items()}
            answer = visitors.post(role, address, {**data, "change_reason": "Thêm"})
            made = parts._base_manager.count() - before
            want = int(_may(role, label, part, "add", scope))
            cells.check(made == want, role, label, part, "really add", scope, got=(made, answer.status_code))
        if not shown:
            continue
        with undone():
            data = untouched(page)
            data |= {f"{prefix}-0-DELETE": "on", "change_reason": "Bỏ"}
            first = inline.formset.initial_forms[0].instance
            before = stored(first)
            visitors.post(role, address, data)
            gone = stored(first) is None or stored(first)["deleted_at"] != before["deleted_at"]
            want = _may(role, label, part, "delete", scope)
            cells.check(gone == want, role, label, part, "really delete", scope, got=gone)


# Bulk actions


def _in_state(state):
    def prepare(world, record):
        times = {"decided_at": None, "decided_by": None}
        ProgressUpdate.objects.filter(pk=record.pk).update(status=state, **times)

    return prepare


def _has_state(state):
    return lambda world, record: ProgressUpdate.with_deleted.filter(pk=record.pk, status=state).exists()


def _lock(world, record):
    AccessAttempt.objects.create(
        username=account_key(record.username), ip_address="127.0.0.1", user_agent="x", failures_since_start=9,
        get_data="", post_data="",
    )  # fmt: skip


def _is_open(world, record):
    return not AccessAttempt.objects.filter(username=account_key(record.username)).exists()


# Action → (what stands before it, what is sent along, whether it was done).
DONE = {
    "submit_reports": (_in_state(Status.DRAFT), {}, _has_state(Status.SUBMITTED)),
    "accept_reports": (_in_state(Status.SUBMITTED), {}, _has_state(Status.ACCEPTED)),
    "return_reports": (_in_state(Status.SUBMITTED), {"return_note": "Sửa"}, _has_state(Status.RETURNED)),
    "merge_enterprises": (
        lambda world, record: None,
        {"merge": "1", "reason": "Một doanh nghiệp"},
        lambda world, record: Enterprise.objects.filter(merged_into=record).exists(),
    ),
    "unlock_sign_in": (_lock, {}, _is_open),
    "reset_second_factor": (
        lambda world, record: TOTPDevice.objects.create(user=record, name="phone"),
        {},
        lambda world, record: not TOTPDevice.objects.filter(user=record).exists(),
    ),
    "delete_selected": (
        lambda world, record: None,
        {"post": "yes"},
        lambda world, record: not type(record)._base_manager.filter(pk=record.pk).exists(),
    ),
}


def test_every_action_has_a_row(world):
    request = RequestFactory().get("/")
    request.user = world.author
    found = set()
    for label, model_admin in pages.registered().items():
        found |= {(label, name) for name in model_admin.get_actions(request)}
        for where in ("list", "row", "detail", "submit_line"):
            assert not getattr(model_admin, f"actions_{where}", ()), f"{label}: give these actions cells, too"
    assert found == set(pages.ACTIONS), "Say in tests/matrix/pages.py (ACTIONS) what right an action needs"
    assert {name for _label, name in found} == set(DONE), "Say in DONE how one sees that it was done"


@pytest.mark.parametrize(("label", "action"), sorted(pages.ACTIONS))
@pytest.mark.parametrize("role", CAST)
def test_actions(world, visitors, cells, role, label, action):
    right = pages.ACTIONS[label, action]
    prepare, extra, was_done = DONE[action]
    address = url(label, "changelist")
    merging = action == "merge_enterprises"
    for scope, record in world.cells(label):
        with undone():
            prepare(world, record)
            before = SimpleNamespace(done=was_done(world, record))
            selected = [record.pk, world.spare.pk] if merging else [record.pk]
            data = {
                "action": action,
                "_selected_action": selected,
                **extra,
                **({"kept": record.pk} if merging else {}),
            }
            answer = visitors.post(role, address, data)
            may = role != ANYBODY and allowed(role, label, right, scope)
            may = may and (not merging or holds(role, "enterprises.mou", "change"))
            reads = LOGIN if role == ANYBODY else OK if holds(role, label, "view") else FORBIDDEN
            got = was_done(world, record)
            fine = not before.done and got == may and verdict(answer) == reads
            cells.check(fine, role, label, action, scope, got=(before.done, got, verdict(answer)))
