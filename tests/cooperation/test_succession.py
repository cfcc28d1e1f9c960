"""Who may be merged into whom, what is recorded of it, and who acts for whom on any day."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cooperation.models import Agency, Province
from cooperation.succession import Lineage, problems, reason_of, succeed
from tests.factories import make_agency, make_province, make_user

pytestmark = pytest.mark.django_db

MERGER = datetime.date(2025, 7, 1)
LATER = datetime.date(2026, 4, 30)


@pytest.fixture
def new():
    return make_agency("Sở mới", valid_from=MERGER)


@pytest.fixture
def old():
    return [make_agency("Sở cũ"), make_agency("Sở cũ nữa")]


def refused(successor, predecessors, on=MERGER) -> str:
    with pytest.raises(ValidationError) as refusal:
        succeed(successor, predecessors, on, document="NQ 1")
    return " ".join(refusal.value.messages)


def test_several_predecessors_have_one_successor(new, old):
    user = make_user()
    assert succeed(new, old, MERGER, document="Nghị quyết 1", user=user) == old
    for body in old:
        body.refresh_from_db()
        assert (body.dissolved_on, body.successor) == (MERGER, new)
        newest = body.history.first()
        assert newest.history_user == user
        assert "01/07/2025" in newest.history_change_reason
        assert "theo Nghị quyết 1" in newest.history_change_reason


def test_what_is_recorded_already_is_left_alone(new, old):
    succeed(new, old[:1], MERGER, document="")
    version = Agency.objects.get(pk=old[0].pk).version
    assert succeed(new, old, MERGER, document="") == old[1:]
    assert succeed(new, old, MERGER, document="") == []
    assert Agency.objects.get(pk=old[0].pk).version == version


def test_a_change_of_parent_and_kind_has_one_predecessor(old):
    branch = make_agency("Cục Quản lý thị trường", kind="qltt")
    office = make_agency("Chi cục Quản lý thị trường", kind="qltt", parent=old[0], valid_from=MERGER)
    succeed(office, [branch], MERGER, document="")
    assert branch.acting_on(MERGER) == office
    assert branch.acting_on(MERGER - datetime.timedelta(days=1)) == branch


def test_provinces_too():
    new, old = make_province("Tây Ninh", valid_from=MERGER), make_province("Long An")
    assert succeed(new, [old], MERGER, document="") == [old]
    assert Province.objects.get(pk=old.pk).acting_on(MERGER) == new


def test_a_body_may_take_another_in(old):
    succeed(old[0], old[1:], MERGER, document="")
    assert old[1].acting_on(MERGER) == old[0]


def test_a_successor_that_is_not_there_that_day(new, old):
    assert "không tồn tại vào ngày 30/06/2025" in refused(new, old, datetime.date(2025, 6, 30))
    new.dissolved_on, new.valid_from = MERGER, None
    new.save()
    assert "không tồn tại vào ngày 01/07/2025" in refused(new, old)


def test_no_circle(new, old):
    succeed(new, old, MERGER, document="")
    assert "không thể kế thừa lẫn nhau" in refused(old[0], [new], LATER)
    assert "không thể kế thừa chính mình" in refused(new, [new])


def test_dissolved_differently(new, old):
    other = make_agency("Sở khác")
    succeed(other, old[:1], MERGER, document="")
    assert "đã ghi cơ quan kế thừa khác: “Sở khác" in refused(new, old)
    assert "đã ghi thôi tồn tại từ 01/07/2025, không phải 30/04/2026" in refused(other, old[:1], LATER)
    old[1].refresh_from_db()
    assert old[1].dissolved_on is None, "all or nothing"


def test_dissolved_without_a_successor_gets_one(new):
    body = make_agency(dissolved_on=MERGER)
    assert succeed(new, [body], MERGER, document="") == [body]


def test_dates_in_order(new, old):
    old[0].valid_from = MERGER
    old[0].save()
    assert "có từ 01/07/2025 nên không thể thôi tồn tại từ 01/07/2025" in refused(new, old)
    heir = make_agency("Sở sau", valid_from=MERGER)
    succeed(new, old[1:], MERGER, document="")
    Agency.objects.filter(pk=new.pk).update(valid_from=None)
    new.refresh_from_db()
    assert "nên phải thôi tồn tại sau ngày đó" in refused(heir, [new])
    assert succeed(heir, [new], LATER, document="") == [new]
    assert old[1].acting_on(LATER) == heir


def test_what_nobody_can_mean(new, old):
    assert "ít nhất một cơ quan" in refused(new, [])
    assert "chỉ nêu một lần" in refused(new, [old[0], old[0]])
    assert "chưa đến" in refused(new, old, datetime.date(2999, 1, 1))
    assert "minh họa" in refused(new, [make_agency(is_demonstration=True)])
    assert "chưa ghi tỉnh" in refused(new, [make_agency(province=make_province())])
    Agency.objects.filter(pk=old[0].pk).update(deleted_at="2025-01-01T00:00Z")
    assert "đã bị xóa" in refused(new, old)


def test_every_problem_is_told_at_once(new, old):
    assert len(problems(new, [new, old[0], old[0]], datetime.date(2999, 1, 1))) == 3


def test_the_reason_names_the_document_where_there_is_one(new):
    assert "theo" not in reason_of(new, MERGER, "")
    assert reason_of(new, MERGER, "NQ 5").endswith("theo NQ 5")


DAYS = [datetime.date(2025, 1, 1) + datetime.timedelta(days=30 * step) for step in range(6)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from([None, *DAYS]), st.integers(-1, 5)), min_size=6, max_size=6),
    st.sampled_from(DAYS),
)
def test_a_lineage_says_what_the_acting_map_says(db, facts, on):
    """Also for circles, gaps and successors without a day, which old data may hold."""
    Agency.objects.update(successor=None)
    Agency.objects.all().delete()
    bodies = [make_agency() for _ in facts]
    for body, (day, heir) in zip(bodies, facts, strict=True):
        successor = bodies[heir].pk if heir >= 0 and bodies[heir] != body else None
        Agency.objects.filter(pk=body.pk).update(dissolved_on=day, successor=successor)
    lineage, acting = Lineage.of(Agency), Agency.objects.acting_map(on)
    assert lineage.acting_map(on) == acting


def test_turning_days_are_those_of_a_succession(new, old):
    succeed(new, old, MERGER, document="")
    make_agency(dissolved_on=LATER)
    lineage = Lineage.of(Agency)
    assert lineage.turning_days(LATER) == [MERGER]
    assert lineage.turning_days(MERGER - datetime.timedelta(days=1)) == []


def test_a_lineage_takes_one_query(new, old, django_assert_num_queries):
    with django_assert_num_queries(1):
        lineage = Lineage.of(Agency)
        for body in (new, *old):
            lineage.acting(body.pk, MERGER)
