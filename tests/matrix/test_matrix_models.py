"""The matrix of the rows: role × model × action × scope, as `for_user()` and the permissions answer it."""

import pytest
from django.apps import apps

from cooperation.permissions import CHANGE, OWNED, ROLES, SCOPES, VIEW, allowed
from tests.matrix.world import NO_ROLE

pytestmark = pytest.mark.django_db

LABELS = sorted(
    model._meta.label_lower
    for model in apps.get_models()
    if model._meta.app_label in {"cooperation", "programs", "enterprises"}
    and not model.__name__.startswith("Historical")
)
# Written and read by the system alone: they have no rows that anybody is shown.
NOBODYS = {
    "cooperation.loadedfixture",
    "programs.agencystanding",
    "programs.areastanding",
    "programs.keptstandings",
    "programs.leafstanding",
    "programs.sentreminder",
}
# Everyone has their own and nobody else's: test_matrix_staff.test_saved_filters.
PERSONAL = {"cooperation.savedfilter"}
# Their rows are asked for through another model: {model: whose scope holds}.
THROUGH = {"cooperation.importrow": "cooperation.importbatch"}
READING = {"view", "export"}
HAVE_ROWS = {label for label in LABELS if hasattr(apps.get_model(label)._default_manager, "for_user")}


def actions_of(label: str) -> tuple[str, ...]:
    """What can be done to a model: its permissions, and restoring where there is a bin."""
    model = apps.get_model(label)
    own = (
        *model._meta.default_permissions,
        *(name.partition("_")[0] for name, _t in model._meta.permissions),
    )
    return (*own, "restore") if hasattr(model, "with_deleted") and "delete" in own else own


def test_every_model_stands_in_the_matrix(world):
    missing = set(LABELS) - set(world.records) - NOBODYS - PERSONAL - set(THROUGH)
    assert not missing, (
        f"Make a record of {missing} in each scope in tests/matrix/world.py, or say in "
        "tests/matrix/test_matrix_models.py that nobody is shown its rows (NOBODYS)"
    )
    rowless = set(world.records) - HAVE_ROWS
    assert not rowless, f"{rowless}: rows that staff see come from a query set with for_user()"
    for label, records in world.records.items():
        shared = {scope for scope in records if scope.startswith("shared")}
        assert (label in OWNED) == (not shared), (
            f"{label}: cooperation.permissions.OWNED and the world differ"
        )
        if label in OWNED:
            assert {"own", "unit", "predecessor", "neighbour", "foreign"} <= set(records), label
        model = type(records["own" if label in OWNED else "shared"])
        if hasattr(model, "with_deleted"):
            assert any("deleted" in scope for scope in records), label
    assert {scope for records in world.records.values() for scope in records} == set(SCOPES)


@pytest.mark.parametrize("role", [NO_ROLE, *ROLES])
def test_rows(world, cells, role):
    user = world.users[role]
    for label, records in world.records.items():
        model = apps.get_model(label)
        rows = {
            action: set(model._default_manager.for_user(user, action).values_list("pk", flat=True))
            for action in (VIEW, CHANGE)
        }
        bin_rows = set()
        if hasattr(model, "with_deleted"):
            found = model.with_deleted.for_user(user, CHANGE).filter(deleted_at__isnull=False)
            bin_rows = set(found.values_list("pk", flat=True))
        for action in actions_of(label):
            codename = "delete" if action == "restore" else action
            app, name = label.split(".")
            for scope, record in records.items():
                if (label, action) in APART:
                    continue
                held = user.has_perm(f"{app}.{codename}_{name}")
                reach = bin_rows if action == "restore" else rows[VIEW if action in READING else CHANGE]
                got = held and record.pk in reach
                cells.check(got == allowed(role, label, action, scope), role, label, action, scope, got=got)


# Not a question of rows: whom one may ask is asked on the page (test_matrix_staff.py).
APART = {("programs.explanationrequest", "add")}


@pytest.mark.parametrize("label", sorted(HAVE_ROWS))
def test_nobody_else_has_rows(world, cells, label):
    """Whoever is not active staff has no rows at all."""
    manager = apps.get_model(label)._default_manager
    for facts in ({"is_staff": False}, {"is_active": False}):
        user = type(world.author).objects.get(pk=world.author.pk)
        for name, value in facts.items():
            setattr(user, name, value)
        for action in (VIEW, CHANGE):
            got = manager.for_user(user, action).exists()
            cells.check(not got, facts, label, action, got=got)


@pytest.mark.parametrize(
    ("role", "label", "action", "scope", "want"),
    [
        ("Chuyên viên", "programs.activity", "change", "own", True),
        ("Chuyên viên", "programs.activity", "change", "predecessor", True),
        ("Chuyên viên", "programs.activity", "view", "partner", True),
        ("Chuyên viên", "programs.activity", "change", "partner", False),
        ("Chuyên viên", "programs.activity", "view", "neighbour", False),
        ("Chuyên viên", "programs.activity", "delete", "own", False),
        ("Chuyên viên", "enterprises.mou", "change", "own", False),
        ("Người duyệt", "programs.progressupdate", "accept", "unit", True),
        ("Người duyệt", "programs.progressupdate", "accept", "foreign", False),
        ("Người duyệt", "programs.activity", "restore", "deleted", True),
        ("Người duyệt", "programs.activity", "restore", "deleted foreign", False),
        ("Nhập liệu", "enterprises.enterprise", "change", "shared", True),
        ("Lãnh đạo", "programs.activity", "view", "foreign", True),
        ("Lãnh đạo", "programs.activity", "change", "own", False),
        ("Lãnh đạo", "programs.explanationrequest", "add", "foreign", True),
        ("Quản trị đơn vị", "cooperation.user", "change", "own", True),
        ("Quản trị đơn vị", "cooperation.user", "view", "stronger", False),
        ("Quản trị hệ thống", "programs.activity", "change", "foreign", True),
        ("Quản trị hệ thống", "programs.activity", "view", "deleted", False),
        ("Quản trị hệ thống", "programs.snapshot", "change", "shared", False),
        ("", "cooperation.province", "view", "shared", False),
        ("Vai không có", "cooperation.province", "view", "shared", False),
    ],
)
def test_the_declaration_says_what_was_decided(role, label, action, scope, want):
    assert allowed(role, label, action, scope) is want
