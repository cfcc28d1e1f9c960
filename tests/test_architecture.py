"""The house: four packages on three floors, small rooms, no dumping grounds."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("cooperation", "programs", "enterprises", "portal")  # the ground floor first
LONGEST_ROOM = 350
NO_SUBJECT = {"utils.py", "helpers.py", "services.py", "common.py", "misc.py", "signals.py"}

MODULES = sorted(
    path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts
)


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            found.add(node.module.split(".")[0])
    return found


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_modules_on_every_floor():
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_go_down(path):
    own = FLOORS.index(path.relative_to(ROOT).parts[0])
    upward = {package for package in imported(path) & set(FLOORS) if FLOORS.index(package) > own}
    assert not upward, f"{name(path)} imports {upward} from a floor above"
    assert "tests" not in imported(path)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_rooms_are_small_and_have_a_subject(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_ROOM
    assert path.name not in NO_SUBJECT


def test_the_roof_has_no_models():
    assert not (ROOT / "portal" / "models.py").exists()
    assert not (ROOT / "portal" / "migrations").exists()


def test_the_rule_knows_no_database():
    """progress.py and measures.py are pure: they can be run, and checked, without Django's models."""
    for module in ("progress", "measures"):
        source = (ROOT / "programs" / f"{module}.py").read_text(encoding="utf-8")
        assert "models" not in {
            part
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.ImportFrom)
            for part in node.module.split(".")
        }


def test_the_skin_can_be_swapped():
    """Only the ground floor's admin modules know whose look the admin wears."""
    wearers = {name(path) for path in MODULES if "unfold" in imported(path)}
    allowed = ("admin_accounts", "admin_base", "admin_forms", "admin_inlines")
    assert wearers == {f"cooperation/{module}.py" for module in allowed}
