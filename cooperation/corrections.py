"""A write that changes sealed figures needs a reason: they are corrected beside, never replaced.

The ground floor writes records whose figures are the floor above's business: settings name who is told.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string


class ReasonRequiredError(Exception):
    """Nothing was written. The message says which sealed figures would change and what to fill in."""


def written(
    model: type[models.Model], keys: Iterable[int], *, user, reason: str = "", document: str = ""
) -> None:
    """Tell, in the transaction of the write and after it, that these records changed.

    Raises ReasonRequiredError where sealed figures change and `reason` is empty: roll the write back.
    """
    correct = import_string(settings.PORTAL_CORRECTIONS)
    correct(model, list(keys), user=user, reason=reason, document=document)
