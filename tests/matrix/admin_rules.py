"""What an admin page must answer: the declared rights, and where the admin says no for all."""

from django.urls import reverse

from cooperation.permissions import OWNED, ROLES, SCOPES, acts_as, allowed
from tests.matrix.cells import FORBIDDEN, KEPT, LOGIN, MISSING, OK
from tests.matrix.pages import CLOSED, FROZEN, admin_name
from tests.matrix.world import ANYBODY
from tests.pages import form_data


def url(label: str, kind: str, *args) -> str:
    return reverse(admin_name(label, kind), args=args)


def holds(role: str, label: str, action: str) -> bool:
    """True where the role has the right at all."""
    return action in ROLES.get(role, {}).get(label, ())


def expected(role: str, label: str, action: str, scope: str | None = None) -> str:
    """The answer to `action` on a record in `scope`; None: on no record, as for lists and new ones."""
    if role == ANYBODY:
        return LOGIN
    if not holds(role, label, action) or action in CLOSED.get(label, ()):
        return FORBIDDEN
    if scope is None:
        return OK
    if not allowed(role, label, "view", scope):
        return MISSING
    if action == "view" or (allowed(role, label, action, scope) and (label, scope) not in FROZEN):
        return OK
    return FORBIDDEN


def expected_change(role: str, label: str, scope: str) -> str:
    """A form sent to a record that was deleted meanwhile keeps its text, where the sender wrote there."""
    if role != ANYBODY and holds(role, label, "change") and "deleted" in scope:
        return KEPT if acts_as(role) in SCOPES[scope][2] else MISSING
    return expected(role, label, "change", scope)


def stored(record):
    """The row as it is now, deleted or not; None where it is gone for good."""
    return type(record)._base_manager.filter(pk=record.pk).values().first()


def untouched(page) -> dict:
    """What a browser sends back of a form that nobody filled in; of a file it sends nothing."""
    return {name: value for name, value in form_data(page).items() if not name.endswith("-file")}


def named_beyond(world, role: str, text: str) -> dict[str, list[str]]:
    """Model → scopes of the agencies' records that a page names, though the visitor may not read them."""
    return {
        label: [
            scope
            for scope, mark in world.marks[label].items()
            if mark in text and not allowed(role, label, "view", scope)
        ]
        for label in sorted(OWNED & set(world.marks))
    }
