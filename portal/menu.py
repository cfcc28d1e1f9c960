"""The line of the signed-in: who one is, and how many things wait. Readers cost it nothing."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from portal.board.access import may_see_board
from programs.todo import boxes, task_count


def staff(request):
    """Add `staff` for templates: empty for readers, whose session and account are never looked at.

    It is found when a page first asks for it, which those of the admin never do.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return {}
    return {"staff": SimpleLazyObject(lambda: _staff(request))}


def _staff(request) -> dict:
    user = getattr(request, "user", None)
    if user is None or not (user.is_active and user.is_staff):
        return {}
    return {
        "name": str(user),
        "count": _count(request, user),
        "sees_board": may_see_board(user),
        "may_report": user.has_perm("programs.add_progressupdate"),
        "may_ask": user.has_perm("programs.add_explanationrequest"),
        "sees_explanations": user.has_perm("programs.view_explanationrequest"),
    }


def _count(request, user) -> int:
    """What the page itself has counted is not counted again."""
    counted = getattr(request, "task_count", None)
    return task_count(boxes(user, localdate(), tasks_only=True)) if counted is None else counted
