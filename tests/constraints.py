"""One assertion for every constraint that the models name."""

import pytest
from django.db import IntegrityError, transaction


def breaks(constraint, make):
    """`make` violates the named constraint in the database itself, not only in a form.

    SQLite names a unique constraint's columns and not the constraint.
    """
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    assert constraint in str(caught.value) or "UNIQUE constraint failed" in str(caught.value)
