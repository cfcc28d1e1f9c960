"""The rows behind the board's numbers, on a sealed day."""

from datetime import date

import pytest

from cooperation.corrections import written
from cooperation.discarding import discard
from cooperation.roles import sync_roles
from portal.board.reading import Board
from programs.models import Activity
from tests import factories
from tests.pages import html_of

pytestmark = pytest.mark.django_db

END = date(2021, 12, 14)


def test_a_sealed_day_lists_as_many_as_it_counts(client, django_assert_num_queries):
    """What was deleted, hidden or renamed since is listed as it was called then, linked while public."""
    user, plan = factories.make_user(is_superuser=True), factories.make_plan(is_main=True)
    area, agency = factories.make_area(plan), factories.make_agency()
    deleted, hidden, renamed = (
        factories.make_activity(
            area, code=code, title=f"Việc {code}", due_on=date(2021, 6, 1), lead_agency=agency
        )
        for code in ("XOA", "AN", "DOI")
    )
    factories.make_snapshot(factories.make_period(plan))
    discard(deleted, user=user, reason="nhập nhầm")
    hidden.published, renamed.title = False, "Tên mới"
    for activity in (hidden, renamed):
        activity.save()
    written(Activity, [deleted.pk, hidden.pk, renamed.pk], user=user, reason="nhập nhầm")

    board = Board(plan, END)
    assert board.total.counts["qua-han"] == len(board.rows("qua-han")) == 3
    with django_assert_num_queries(1):
        lines = board.lines(board.rows("qua-han"))
    assert [(line.activity.title, line.activity.published, line.lead) for line in lines] == [
        ("Việc XOA", False, agency),
        ("Việc AN", False, agency),
        ("Việc DOI", True, agency),
    ]
    assert [line.deadline for line in lines] == [lines[2].deadline] * 3 != [""] * 3

    sync_roles()
    client.force_login(factories.make_user("lanhdao", role="Lãnh đạo", agency=agency))
    for address in ("/lanh-dao/", "/lanh-dao/hoat-dong/"):
        html = html_of(client.get(address, {"as_of": END.isoformat()}))
        for activity, linked in ((deleted, False), (hidden, False), (renamed, True)):
            assert f"Việc {activity.code}" in html
            assert (activity.get_absolute_url() in html) == linked
