"""Who writes a plan's records and who seals its figures go one after the other, on PostgreSQL too.

Without that a write that the sealing cannot see yet, and that cannot see the sealing yet, would be neither
in the sealed figures nor declared as an erratum. Writers share a plan; whoever seals holds it alone. Both
until the end of their transaction, so what is asked after taking it is asked of all that was committed.

On SQLite a transaction is alone from its start (portal/settings: IMMEDIATE): there nothing is left to do.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.transaction import TransactionManagementError

# The first half of PostgreSQL's key of an advisory lock; the second is the plan. Row locks would not do:
# every new area or memorandum holds its plan's row for its foreign key.
PLANS = 4645


def share_plans(plan_ids: Iterable[int]) -> None:
    """Wait until nobody seals these plans, and keep it so. After the write, before asking what is sealed.

    Raises IntegrityError where a foreign key written before leads nowhere: the keys are checked here.
    """
    if connection.vendor == "postgresql":
        # That locks the rows they lead to. At the commit, as by default, it would come after the locks of the
        # plan and its figures, for which whoever holds such a row may be waiting.
        connection.check_constraints()
    for plan_id in sorted(plan_ids):
        _take("SELECT pg_advisory_xact_lock_shared(%s, %s)", plan_id)


def hold_plan(plan_id: int) -> None:
    """Wait for all who write or seal this plan, and keep others out.

    Not after share_plans() in the same transaction: two that did so would wait for each other. And no row
    that a writer may hold is locked after it: that writer waits here.
    """
    _take("SELECT pg_advisory_xact_lock(%s, %s)", plan_id)


def _take(statement: str, plan_id: int) -> None:
    """Raises TransactionManagementError outside a transaction, where a lock would be gone at once."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A plan is shared or held in a transaction only.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, (PLANS, plan_id))
