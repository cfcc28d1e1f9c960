"""What came of the memoranda, and whose values a reader of the board may add up."""

import datetime
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from portal.board.memoranda import STAGES, memoranda, memoranda_of
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db
TODAY = localdate()


@pytest.fixture
def area():
    sync_roles()
    return factories.make_area(factories.make_plan(is_main=True), 6)


@pytest.fixture
def leader():
    sync_roles()
    return factories.make_user(role="Lãnh đạo")


def make(area, status="signed", year=2021, realised=None, **kwargs):
    signed_on = datetime.date(year, 5, 17)
    return factories.make_mou(area, status=status, signed_on=signed_on, realised_value=realised, **kwargs)


def test_stages_add_up_whatever_they_are_cut_by(area, leader):
    other = factories.make_area(area.plan, 7)
    make(area)
    make(area, "in_progress")
    make(area, "contracted", 2022)
    make(area, "expired", 2022, realised=5)
    make(area, "contracted", 2022, realised=0)
    make(other, "terminated")
    make(other, published=False, realised=7)
    found = memoranda(area.plan, TODAY, leader)
    assert found.total.counts == (6, 4, 3, 1)
    assert found.by_area[area.pk].counts == (5, 4, 3, 1)
    assert found.by_area[other.pk].counts == (1, 0, 0, 0)
    assert [(row.key, row.counts) for row in found.by_year] == [(2021, (3, 1, 0, 0)), (2022, (3, 3, 3, 1))]
    assert found.by_area[area.pk].contracted_share == Decimal("60.0")
    assert found.closed == 2
    for number, (_title, condition) in enumerate(STAGES.values()):
        assert memoranda_of(area.plan, TODAY).filter(condition).count() == found.total.counts[number]


def test_a_past_day_has_what_was_signed_by_then(area, leader):
    make(area)
    make(area, year=2023)
    assert memoranda(area.plan, datetime.date(2022, 1, 1), leader).total.counts[0] == 1


def test_values_are_added_by_currency_for_those_who_may_see_them(area, leader):
    mine = factories.make_agency()
    make(area, realised=100, agency=mine)
    make(area, realised=20, value_is_public=True)
    make(area, realised=Decimal("3.5"), currency="USD")
    assert memoranda(area.plan, TODAY, leader).money == (("USD", Decimal("3.5"), 1), ("VND", Decimal(120), 2))
    clerk = factories.make_user(agency=mine, role="Nhập liệu")
    assert memoranda(area.plan, TODAY, clerk).money == (("VND", Decimal(120), 2),)
    stranger = factories.make_user(agency=factories.make_agency(), role="Nhập liệu")
    assert memoranda(area.plan, TODAY, stranger).money == (("VND", Decimal(20), 1),)


def test_the_board_says_it(client, area, leader):
    make(area, "contracted", realised=1_500_000_000)
    make(area)
    client.force_login(leader)
    text = text_of(client.get("/lanh-dao/"))
    assert "Đã có giá trị thực hiện 1 50,0 100,0" in text
    assert "1.500.000.000 VND giá trị thực hiện, của 1 bản ghi nhớ" in text


def test_queries(area, leader, django_assert_num_queries):
    make(area)
    leader.has_perm("enterprises.view_mou")
    memoranda(area.plan, TODAY, leader)
    with django_assert_num_queries(2):
        memoranda(area.plan, TODAY, leader)
