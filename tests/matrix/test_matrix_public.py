"""The matrix of the public pages: what is published, for everybody alike, signed in or not."""

import pytest
from django.urls import reverse

from cooperation.permissions import allowed
from tests.matrix import pages, test_matrix_admin, test_matrix_admin_parts
from tests.matrix.cells import MISSING, MISSING_KEY, OK, same_answer, undone, verdict
from tests.matrix.world import CAST

pytestmark = pytest.mark.django_db

each_role = pytest.mark.parametrize("role", CAST)
NO_SLUG = "khong-co-dau"
# What staff wrote for staff: never on a public page.
INTERNAL = (
    "programs.evidence", "programs.explanationrequest",
    "cooperation.importbatch", "cooperation.columnmapping", "cooperation.user",
)  # fmt: skip

# Page → what stands in its address for a record, and for none.
KEYS = {
    "agreement-detail": lambda row: {"slug": row.slug if row else NO_SLUG},
    "agency-detail": lambda row: {"slug": row.slug if row else NO_SLUG},
    "area-detail": lambda row: {"number": row.number if row else MISSING_KEY},
    "activity-detail": lambda row: {"code": row.code if row else NO_SLUG},
    "program-detail": lambda row: {"code": row.code if row else NO_SLUG},
    "mou-detail": lambda row: {"pk": row.pk if row else MISSING_KEY},
    "enterprise-detail": lambda row: {"pk": row.pk if row else MISSING_KEY, "slug": "ten"},
    "period-detail": lambda row: {"pk": row.pk if row else MISSING_KEY},
    "sealed-period": lambda row: {"pk": row.pk if row else MISSING_KEY},
    "sealed-content": lambda row: {"pk": row.pk if row else MISSING_KEY},
    "sealed-csv": lambda row: {"pk": row.pk if row else MISSING_KEY},
}
STAND_ALONE = {"agency-detail", "agreement-detail", "enterprise-detail"}  # of no plan
RECORDS = sorted(name for name, page in pages.PAGES.items() if page.test == "test_public_records")
LISTS = sorted(name for name, page in pages.PAGES.items() if page.test == "test_public_lists")
PLAN_PAGES = sorted(
    {name for name, parameters in pages.addresses() if parameters and parameters[0] == "plan"}
    & {name for name, page in pages.PAGES.items() if not name.startswith("board")}  # of staff: test_the_board
)


def is_public(scope: str) -> bool:
    return "unpublished" not in scope and "deleted" not in scope


def _hidden_marks(world, role, name) -> dict[str, list[str]]:
    """Model → marks of what the page may not name. A period's page tells staff what their own work lacks."""
    hidden = {}
    for label, marks in world.marks.items():
        for scope, mark in marks.items():
            draft = label == "programs.progressupdate" and scope != "partner"
            told = name == "period-detail" and allowed(role, label, "view", scope)
            if not told and (label in INTERNAL or draft or not is_public(scope)):
                hidden.setdefault(label, []).append(mark)
    return hidden


def _check_text(world, cells, role, name, answer):
    """One cell a model: none of its hidden records is named."""
    text = answer.content.decode(errors="replace")
    for label, marks in _hidden_marks(world, role, name).items():
        named = [mark for mark in marks if mark in text]
        cells.check(not named, role, name, "names", label, got=named)


def test_every_page_has_a_row():
    for name, _parameters in pages.addresses():
        if name.startswith("admin:") or name in pages.NAMELESS:
            continue
        assert name in pages.PAGES, f"Say in tests/matrix/pages.py (PAGES) what {name} is"
    names = {name for name, _parameters in pages.addresses()}
    assert set(pages.PAGES) <= names, "tests/matrix/pages.py speaks of pages that are no more"
    assert set(RECORDS) == set(KEYS), "Say in KEYS what stands in the page's address"


@pytest.mark.parametrize(
    ("table", "row", "test"),
    [
        ("PAGES", "home", test_every_page_has_a_row),
        ("ADMIN_KINDS", "bin", test_matrix_admin.test_every_page_of_the_admin_has_a_row),
        (
            "ADMIN_OWN",
            "admin:cooperation_importbatch_undo",
            test_matrix_admin.test_every_page_of_the_admin_has_a_row,
        ),
        ("NAMELESS", "<path:object_id>/", test_matrix_admin.test_every_page_of_the_admin_has_a_row),
        (
            "INLINES",
            ("programs.activity", "programs.evidence"),
            test_matrix_admin_parts.test_every_list_inside_a_page_has_a_row,
        ),
    ],
)
def test_what_has_no_row_is_told_where_to_stand(monkeypatch, table, row, test):
    monkeypatch.delitem(getattr(pages, table), row)
    with pytest.raises(AssertionError, match=f"tests/matrix/pages.py.*{table}"):
        test()


@pytest.mark.parametrize("name", RECORDS)
@each_role
def test_public_records(world, visitors, cells, role, name):
    keys, label = KEYS[name], pages.PAGES[name].model
    none = visitors.get(role, reverse(name, kwargs=keys(None)))
    cells.check(verdict(none) == MISSING, role, name, "missing", got=verdict(none))
    for scope, record in world.cells(label):
        answer = visitors.get(role, reverse(name, kwargs=keys(record)))
        want, got = OK if is_public(scope) else MISSING, verdict(answer)
        spelled = [value for row in (record, None) for value in keys(row).values()]
        right = got == want and (want == OK or same_answer(answer, none, *spelled))
        cells.check(right, role, name, scope, got=got)
        if got == OK:
            _check_text(world, cells, role, name, answer)


@pytest.mark.parametrize("name", LISTS)
@each_role
def test_public_lists(world, visitors, cells, role, name):
    page, text = pages.PAGES[name], ""
    for address in page.refused:
        answer = visitors.get(role, reverse(name, kwargs=address))
        cells.check(verdict(answer) == MISSING, role, name, address, got=verdict(answer))
    for address in page.shown:
        answer = visitors.get(role, reverse(name, kwargs=address), page.query)
        cells.check(verdict(answer) == OK, role, name, address, got=verdict(answer))
        _check_text(world, cells, role, name, answer)
        text += answer.content.decode(errors="replace")
    label = page.model
    listed = label and name != "sealed-list"
    for scope, mark in world.marks.get(label, {}).items() if listed else ():
        cells.check((mark in text) == is_public(scope), role, name, "lists", scope, got=mark in text)


@pytest.mark.parametrize("name", PLAN_PAGES)
@each_role
def test_pages_of_a_plan(world, visitors, cells, role, name):
    """Nothing under the address of a plan that is not public, nor of another plan's records."""
    label = pages.PAGES[name].model
    if name in KEYS:
        record = KEYS[name](next(row for scope, row in world.cells(label) if is_public(scope)))
    else:
        record = pages.PAGES[name].shown[0]
    for scope, plan in world.cells("cooperation.jointplan"):
        answer = visitors.get(role, reverse(name, kwargs={"plan": plan.slug, **record}))
        want = OK if is_public(scope) and name not in KEYS else MISSING
        cells.check(verdict(answer) == want, role, name, "under", scope, got=verdict(answer))
    none = visitors.get(role, reverse(name, kwargs={"plan": NO_SLUG, **record}))
    cells.check(verdict(none) == MISSING, role, name, "under", "missing", got=verdict(none))


@pytest.mark.parametrize("name", sorted(set(RECORDS) - STAND_ALONE))
@each_role
def test_what_stands_on_something_unpublished(world, visitors, cells, role, name):
    """A record whose plan is taken off the public pages goes with it."""
    label, plan = pages.PAGES[name].model, world.quiet_plan if name.startswith("sealed") else world.plan
    record = next(row for scope, row in world.cells(label) if is_public(scope))
    with undone():
        type(plan).objects.filter(pk=plan.pk).update(published=False)
        answer = visitors.get(role, reverse(name, kwargs=KEYS[name](record)))
        # Staff who read periods see the state of all; the page is public and theirs alike.
        reads = name == "period-detail" and allowed(role, label, "view", "shared")
        want = OK if reads else MISSING
        cells.check(verdict(answer) == want, role, name, "of an unpublished plan", got=verdict(answer))
