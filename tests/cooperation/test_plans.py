"""The days that a page is asked for: as of, and compared with."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils.timezone import localdate

from cooperation.plans import asked_day, compared_day, days_fault, days_query, plan_or_404
from tests import factories

DAY = date(2022, 6, 14)


def asked(query=""):
    return RequestFactory().get(f"/{query}")


def test_without_days_it_is_today_and_nothing_is_compared():
    on, day = asked_day(asked())
    assert on == localdate()
    assert day == {
        "on": on,
        "is_today": True,
        "as_of_query": "",
        "as_of_message": "",
        "compared_on": None,
        "compared_message": "",
    }


def test_both_days_go_along():
    on, day = asked_day(asked("?as_of=2022-06-14&so_voi=2021-12-14"))
    assert (on, day["compared_on"]) == (DAY, date(2021, 12, 14))
    assert day["as_of_query"] == "?as_of=2022-06-14&so_voi=2021-12-14"
    assert asked_day(asked("?so_voi=2021-12-14"))[1]["as_of_query"] == "?so_voi=2021-12-14"
    assert asked_day(asked(f"?as_of={localdate()}"))[1]["as_of_query"] == ""


@pytest.mark.parametrize("raw", ["14/06/2022", "2022-02-30", "x", "%00", "1800-01-01", "9" * 5000])
def test_an_unreadable_day_compares_nothing_and_says_so(raw):
    compared, day = compared_day(asked(f"?so_voi={raw}"))
    assert compared is None
    assert "Không đọc được ngày so sánh" in day["compared_message"]
    assert "Trang đang không so sánh" in day["compared_message"]
    assert asked_day(asked(f"?so_voi={raw}"))[1]["as_of_query"] == ""


@pytest.mark.parametrize("name", ["as_of", "so_voi"])
def test_no_file_of_a_day_that_cannot_be_read(name):
    assert "hãy sửa ngày ở đầu trang" in days_fault(asked(f"?{name}=14/06/2022"))
    for readable in ("", f"?{name}=", f"?{name}=2022-06-14", f"?{name}=2100-01-01"):
        assert days_fault(asked(readable)) == ""


def test_days_to_come_are_told():
    to_come = localdate() + timedelta(days=1)
    on, day = asked_day(asked(f"?as_of={to_come}&so_voi={to_come}"))
    assert on == day["compared_on"] == to_come
    assert "chưa đến" in day["as_of_message"]
    assert "chưa đến" in day["compared_message"]


def test_the_query_leaves_out_what_needs_no_saying():
    assert days_query(localdate()) == ""
    assert days_query(DAY) == "?as_of=2022-06-14"


@pytest.mark.django_db
def test_a_plan_by_its_slug_or_the_main_one():
    main = factories.make_plan(is_main=True)
    other = factories.make_plan(slug="khac")
    factories.make_plan(slug="kin", published=False)
    assert (plan_or_404(None), plan_or_404("khac")) == (main, other)
    for slug in ("kin", "khong-co"):
        with pytest.raises(Http404):
            plan_or_404(slug)
