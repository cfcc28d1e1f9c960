"""Loads a fixture once: never over what somebody edited, never again what somebody deleted."""

from pathlib import Path

from django.core import serializers
from django.db import transaction

from cooperation.models import LoadedFixture

# Sourced facts, in the order in which they refer to each other.
REAL_FIXTURES = (
    "sources.json",
    "institutions.json",
    "agreements.json",
    "background.json",
    "activities.json",
    "enterprises.json",
)


@transaction.atomic
def load_once(path: Path) -> int | None:
    """Load a JSON fixture with natural keys; return how many records, or None where it was loaded before.

    Each record is saved by its model's own `save()`, because Django's raw loading skips the derived
    columns (search, order, identity). Everything or nothing is loaded.
    """
    _mark, is_new = LoadedFixture.objects.get_or_create(name=path.name)
    if not is_new:
        return None
    count = 0
    with path.open(encoding="utf-8") as file:
        for loaded in serializers.deserialize("json", file, handle_forward_references=False):
            loaded.object.save()
            for field, values in (loaded.m2m_data or {}).items():
                getattr(loaded.object, field).set(values)
            count += 1
    return count
