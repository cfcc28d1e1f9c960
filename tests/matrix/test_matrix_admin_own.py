"""The matrix of the pages that one admin has of its own, and of the admin as a whole."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cooperation.importing.kinds import all_kinds
from cooperation.importing.workbooks import template
from cooperation.models import ImportBatch
from cooperation.permissions import ROLES, RUNS_THE_SYSTEM, allowed
from programs.models import ReportingPeriod
from tests.matrix import pages
from tests.matrix.admin_rules import expected, holds, named_beyond, stored
from tests.matrix.cells import (
    FORBIDDEN,
    LOGIN,
    MISSING,
    MISSING_KEY,
    MISSING_UUID,
    OK,
    same_answer,
    undone,
    verdict,
)
from tests.matrix.world import ANYBODY, CAST

pytestmark = pytest.mark.django_db

each_role = pytest.mark.parametrize("role", CAST)
STAFF = CAST[1:]
BATCH = "cooperation.importbatch"
PASSWORD = "Mot-mat-khau-dai-47"


def test_every_own_page_has_a_test():
    assert set(pages.ADMIN_OWN.values()) <= set(globals()), "ADMIN_OWN names a test that is not here"


# The admin as a whole


@each_role
def test_the_admin_as_a_whole(visitors, cells, role):
    apps = {label.split(".")[0] for label in pages.registered()}
    for name, status in pages.ADMIN_SITE.items():
        if name in ("admin:autocomplete", "admin:view_on_site"):
            continue
        for app in sorted(apps) if name == "admin:app_list" else [None]:
            answer = visitors.get(role, reverse(name, kwargs={"app_label": app} if app else None))
            seen = any(model.startswith(f"{app}.") for model in ROLES.get(role, {}))
            want = 404 if app and not seen else status
            if role != ANYBODY:
                cells.check(answer.status_code == want, role, name, app, got=answer.status_code)
            elif name == "admin:login":
                cells.check(answer.status_code == 200, role, name, got=answer.status_code)
            elif name != "admin:logout":
                cells.check(verdict(answer) == LOGIN, role, name, app, got=verdict(answer))


@pytest.mark.parametrize("role", STAFF)
def test_what_the_admin_tells_by_the_way(world, visitors, cells, role):
    """The first page with its work, and the search: no record that its own list would not show."""
    for address in (reverse("admin:index"), f"{reverse('admin:search')}?s=zz&extended=1"):
        text = visitors.get(role, address).content.decode()
        for label, named in named_beyond(world, role, text).items():
            cells.check(not named, role, address, label, got=named)


@pytest.mark.parametrize("role", STAFF)
def test_view_on_site_tells_nothing(world, visitors, cells, role):
    """Django's redirect to a record's public page knows no scope: it answers alike whatever it is asked."""
    answers = set()
    for records in world.records.values():
        for scope, record in records.items():
            key = ContentType.objects.get_for_model(record).pk
            answer = visitors.get(role, reverse("admin:view_on_site", args=(key, record.pk)))
            none = visitors.get(role, reverse("admin:view_on_site", args=(key, MISSING_KEY)))
            answers |= {answer.status_code, none.status_code}
            fine = answer.status_code == none.status_code and "Location" not in answer.headers
            cells.check(fine, role, record._meta.label_lower, scope, got=answer.status_code)
    assert len(answers) == 1


# Accounts


@each_role
def test_passwords(world, visitors, cells, role):
    label, name = "cooperation.user", "admin:auth_user_password_change"
    data = {"password1": PASSWORD, "password2": PASSWORD}
    not_there = visitors.get(role, reverse(name, args=(MISSING_KEY,)))
    for scope, account in world.cells(label):
        address, want = reverse(name, args=(account.pk,)), expected(role, label, "change", scope)
        page = visitors.get(role, address)
        right = verdict(page) == want
        right = right and (want != MISSING or same_answer(page, not_there, account.pk, MISSING_KEY))
        cells.check(right, role, label, "password page", scope, got=verdict(page))
        with undone():
            before = stored(account)["password"]
            answer = visitors.post(role, address, data)
            changed = stored(account)["password"] != before
            right = verdict(answer) == want and changed == (want == OK)
            cells.check(right, role, label, "set password", scope, got=(verdict(answer), changed))


# Imports

KINDS = {kind.name: kind for kind in all_kinds()}


@pytest.fixture(scope="module")
def sheets(world):
    """The empty template of each kind: it is read, and has nothing to write."""
    return {name: template(kind, world.plan) for name, kind in KINDS.items()}


@pytest.mark.parametrize("name", KINDS)
@each_role
def test_uploads(world, visitors, cells, sheets, role, name):
    label = KINDS[name].model._meta.label_lower
    address = reverse("admin:cooperation_importbatch_upload", args=(name,))
    want = LOGIN if role == ANYBODY else OK if holds(role, label, "import") else FORBIDDEN
    for page in ("upload", "template"):
        got = verdict(visitors.get(role, reverse(f"admin:cooperation_importbatch_{page}", args=(name,))))
        cells.check(got == want, role, name, page, got=got)
        none = visitors.get(role, reverse(f"admin:cooperation_importbatch_{page}", args=("khong-co",)))
        cells.check(verdict(none) == (LOGIN if role == ANYBODY else MISSING), role, "no such kind", page)
    for whose, plan in (("own plan", world.plan), ("another's plan", world.quiet_plan)):
        with undone():
            before = ImportBatch.objects.count()
            file = SimpleUploadedFile("so-lieu.xlsx", sheets[name])
            answer = visitors.post(role, address, {"plan": plan.pk, "file": file})
            # Either a batch, or the sheet's own fault: an empty template is nothing to keep.
            refused = want == OK and answer.context and "plan" in answer.context["form"].errors
            taken = want == OK and not refused
            assert taken or ImportBatch.objects.count() == before
            may = want == OK and (whose == "own plan" or role == RUNS_THE_SYSTEM)
            right = verdict(answer) == want and (want != OK or taken == may)
            cells.check(right, role, name, "bring into", whose, got=(verdict(answer), taken))


def _batch_answer(role: str, page: str, scope: str) -> str:
    """What a page of a batch answers. One that is not written yet is its uploader's alone."""
    if role == ANYBODY:
        return LOGIN
    if not holds(role, BATCH, "view"):
        return FORBIDDEN
    if scope == "waiting" or not allowed(role, BATCH, "view", scope):
        return MISSING
    if page == "annotated":  # the sheet is kept until it is written
        return MISSING
    return FORBIDDEN if page == "undo" and not holds(role, "enterprises.mou", "import") else OK


@each_role
def test_batches(world, visitors, cells, role):
    for page in ("detail", "act", "annotated", "undo"):
        name = f"admin:cooperation_importbatch_{page}"
        none = {
            method: getattr(visitors, method)(role, reverse(name, args=(MISSING_UUID,)), {"viec": "ghi"})
            for method in ("get", "post")
        }
        for scope, batch in (*world.cells(BATCH), ("waiting", world.waiting_batch)):
            address, want = reverse(name, args=(batch.uuid,)), _batch_answer(role, page, scope)
            for method in ("get", "post"):
                with undone():
                    before = stored(batch)
                    answer = getattr(visitors, method)(role, address, {"viec": "ghi"})
                    right = verdict(answer) == want
                    if want == MISSING and page != "annotated":
                        right = right and same_answer(answer, none[method], batch.uuid, MISSING_UUID)
                    undoes = page == "undo" and method == "post" and want == OK
                    after = stored(batch)
                    right = right and (after["state"] == "undone" if undoes else after == before)
                    cells.check(
                        right, role, BATCH, page, method, scope, got=(verdict(answer), after["state"])
                    )


@pytest.mark.parametrize("role", STAFF)
def test_a_sheet_on_its_way(world, visitors, cells, role, tmp_path):
    """Its uploader maps, previews and writes it; until it is written nobody else finds it."""
    kind = next(
        (name for name, one in KINDS.items() if holds(role, one.model._meta.label_lower, "import")), ""
    )
    if not kind:
        cells.check(not any("import" in rights for rights in ROLES.get(role, {}).values()), role, "no import")
        return
    batch = ImportBatch.objects.create(
        kind=kind, plan=world.plan, file_name="a.xlsx", sha256="2" * 64, state="reading",
        user=world.users[role], agency=world.agencies["own"],
    )  # fmt: skip
    for other in CAST:
        for page in ("detail", "act", "annotated", "undo"):
            answer = visitors.get(other, reverse(f"admin:cooperation_importbatch_{page}", args=(batch.uuid,)))
            if other == role:  # being read: no sheet with faults yet
                want = MISSING if page == "annotated" else OK
            else:
                want = _batch_answer(other, page, "waiting")
            cells.check(verdict(answer) == want, other, "sheet of", role, page, got=verdict(answer))


# Merges and periods


@each_role
def test_unmerging(world, visitors, cells, role):
    name, merge = (
        "admin:enterprises_enterprise_unmerge",
        world.records["enterprises.enterprisemerge"]["shared"],
    )
    may = holds(role, "enterprises.enterprise", "change") and holds(role, "enterprises.mou", "change")
    want = LOGIN if role == ANYBODY else OK if may else FORBIDDEN
    for method in ("get", "post"):
        with undone():
            answer = getattr(visitors, method)(role, reverse(name, args=(merge.pk,)))
            undid = stored(merge)["undone_at"] is not None
            right = verdict(answer) == want and undid == (method == "post" and want == OK)
            cells.check(right, role, "unmerge", method, got=(verdict(answer), undid))
            none = verdict(getattr(visitors, method)(role, reverse(name, args=(MISSING_KEY,))))
            cells.check(
                none == (MISSING if want == OK else want), role, "unmerge", method, "missing", got=none
            )


@each_role
def test_opening_periods(world, visitors, cells, role):
    address, want = (
        reverse("admin:programs_reportingperiod_open"),
        expected(role, "programs.reportingperiod", "add"),
    )
    cells.check(verdict(visitors.get(role, address)) == want, role, "open periods", "get")
    for plan in (world.plan, world.quiet_plan):
        with undone():
            before = ReportingPeriod.objects.count()
            answer = visitors.post(role, address, {"plan": plan.pk, "year": 2024, "kinds": ["year"]})
            opened = ReportingPeriod.objects.count() - before
            right = verdict(answer) == want and opened == (1 if want == OK else 0)
            cells.check(right, role, "open periods", plan.slug, got=(verdict(answer), opened))
