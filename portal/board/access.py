"""Who sees the board: staff who read activities. It shows public rows, and requests as `for_user` says."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


def may_see_board(user) -> bool:
    return user.is_active and user.is_staff and user.has_perm("programs.view_activity")


def require_board(user) -> None:
    """Raise PermissionDenied."""
    if not may_see_board(user):
        raise PermissionDenied(_("Tài khoản của bạn không xem được bảng lãnh đạo."))
