"""The world of the matrix, built once a module in a transaction that is rolled back; and its count."""

import pytest
from django.db import transaction

from tests.matrix.cells import Cells, Visitors
from tests.matrix.world import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    whole = transaction.atomic()
    whole._from_testcase = True  # as Django's own TestCase: a durable block may stand inside
    with django_db_blocker.unblock(), whole:
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def visitors(world):
    return Visitors(world)


@pytest.fixture
def cells(request, record_property):
    """Counts the cells of a test under its kind; every wrong one is named."""
    counted = Cells()
    yield counted
    record_property("matrix", (request.node.originalname, counted.count, len(counted.wrong)))
    if counted.wrong:
        listed = "\n".join(counted.wrong[:40])
        pytest.fail(f"{len(counted.wrong)} of {counted.count} cells are wrong:\n{listed}", pytrace=False)
