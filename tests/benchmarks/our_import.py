"""The project's own import, as the command and the pages call it."""

from pathlib import Path

from cooperation.importing import batch, preview
from cooperation.importing.kinds import kind_named
from cooperation.importing.rows import Outcome
from cooperation.models import JointPlan


def build(path: Path) -> preview.Preview:
    return preview.build(path, kind_named("mou"), JointPlan.objects.get())


def check(path: Path) -> int:
    """Return how many rows are wrong."""
    return sum(row.outcome == Outcome.REJECTED for row in build(path).rows)


def commit(path: Path) -> int:
    """Return how many rows were written."""
    seen = build(path)
    batch.commit(seen, batch.new_batch(seen, None))
    return sum(row.outcome in (Outcome.CREATED, Outcome.UPDATED) for row in seen.rows)
