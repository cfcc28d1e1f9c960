"""What the tests of memoranda and enterprises in sheets share."""

import pytest

from cooperation.importing import batch, preview
from cooperation.importing.kinds import kind_named
from tests.enterprises import workbooks


@pytest.fixture
def plan():
    return workbooks.make_world()


@pytest.fixture
def see(plan, tmp_path):
    """Preview a sheet of those rows, or of those cells; further keywords are the clerk's options."""

    def seen(*rows, cells=None, user=None, kind="mou", **options):
        path = workbooks.write(tmp_path / "a.xlsx", cells or workbooks.table(rows))
        return preview.build(path, kind_named(kind), plan, user=user, options=options)

    return seen


@pytest.fixture
def keep(see):
    """Bring those rows in; returns the preview."""

    def kept(*rows, **options):
        seen = see(*rows, **options)
        batch.commit(seen, batch.new_batch(seen, options.get("user")), user=options.get("user"))
        return seen

    return kept
