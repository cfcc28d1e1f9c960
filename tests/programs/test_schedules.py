"""The dates of an activity as of an earlier day: new terms, and suspensions that came one after another."""

from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from programs.facts import FactsOverTime, leaf_facts
from programs.figures import activity_figure
from programs.measures import Timeliness
from programs.models import Activity
from programs.schedules import EarlierDates, shown_as_of, spans_of
from tests.factories import make_activity, make_agency, make_area, make_schedule_change, make_suspension
from tests.pages import rows_of, text_of
from tests.programs.terms import DECIDED, DUE, EXTENDED, ONE_DAY, START, of_two_years, put_off


@pytest.fixture
def activity(db):
    return of_two_years(make_agency())


@pytest.fixture
def extended(activity):
    return put_off(activity)


# What a day says


def test_a_new_term_holds_from_its_day_on(extended):
    before, after = (activity_figure(extended, day) for day in (DECIDED - ONE_DAY, DECIDED))
    ran = (DECIDED - ONE_DAY - START).days
    assert before.planned == Fraction(100 * ran, (DUE - START).days)
    assert after.planned == Fraction(100 * (ran + 1), (EXTENDED - START).days)
    assert activity_figure(extended, date(2022, 6, 30)).timeliness == Timeliness.ON_TIME


def test_several_terms_one_after_another(extended):
    make_schedule_change(extended, date(2021, 3, 1), date(2021, 6, 30))
    earlier = EarlierDates(Activity.objects.all())
    dues = [
        (found := earlier.schedule_on(extended.pk, day)) and found.due_on
        for day in (date(2021, 2, 28), date(2021, 3, 1), DECIDED - ONE_DAY, DECIDED)
    ]
    assert dues == [date(2021, 6, 30), DUE, DUE, None]
    assert earlier.next_change(extended.pk, date(2021, 3, 1)) == DECIDED
    assert earlier.next_change(extended.pk, DECIDED) is None


def test_each_suspension_stops_the_clock_on_its_own_days(activity):
    first, again = (date(2020, 3, 1), date(2020, 5, 1)), date(2021, 2, 1)
    make_suspension(activity, *first)
    Activity.objects.filter(pk=activity.pk).update(suspended_on=again, lifecycle="suspended")

    def planned(day):
        return activity_figure(activity, day).planned * (DUE - START).days / 100

    assert planned(date(2020, 2, 28)) == (date(2020, 2, 28) - START).days
    assert planned(date(2020, 4, 15)) == (first[0] - START).days
    assert planned(first[1]) == (first[1] - START).days
    assert planned(date(2021, 6, 30)) == (again - START).days
    assert activity_figure(activity, date(2020, 4, 15)).timeliness == Timeliness.STOPPED


class OneHistory(TestCase):
    """Any history of terms and suspensions, told to both readers of facts, against the history itself."""

    days = st.dates(date(2019, 1, 1), date(2025, 12, 31))

    @settings(max_examples=40, deadline=None)
    @given(
        changes=st.lists(st.tuples(days, st.dates(date(2019, 1, 1), date(2026, 12, 31))), max_size=5),
        marks=st.lists(days, min_size=0, max_size=7, unique=True),
        asked=st.lists(days, min_size=1, max_size=8),
    )
    def test_both_readers_give_what_was(self, changes, marks, asked):
        dues = dict(sorted(changes))
        terms = [date(2019, 6, 30), *dues.values()]
        spans = [tuple(sorted(marks)[n : n + 2]) for n in range(0, len(marks), 2)]
        *ended, newest = [*spans, ()] if not spans or len(spans[-1]) == 2 else spans
        activity = make_activity(make_area(), due_on=terms[-1])
        if newest or ended:
            pair = (*newest, None) if newest else ended.pop()
            Activity.objects.filter(pk=activity.pk).update(suspended_on=pair[0], resumed_on=pair[1])
        for span in ended:
            make_suspension(activity, *span)
        for on, due_before in zip(dues, terms, strict=False):
            make_schedule_change(activity, on, due_before)
        over_time = FactsOverTime(Activity.objects.all())
        for day in asked:
            [(_plan, _area, _pk, facts)] = leaf_facts(Activity.objects.all(), day)
            [found] = over_time.on(day)
            assert found.facts == facts
            assert facts.due_on == terms[sum(on <= day for on in dues)]
            stopped = any(span[0] <= day and (len(span) == 1 or day < span[1]) for span in spans)
            figure = activity_figure(activity, day)
            assert (figure.timeliness == Timeliness.STOPPED) == stopped
            activity.refresh_from_db()
            shown_as_of([activity], day)
            assert activity.due_on == facts.due_on


def test_queries(extended, django_assert_num_queries):
    with django_assert_num_queries(5):
        list(leaf_facts(Activity.objects.all(), DECIDED - ONE_DAY))
    with django_assert_num_queries(3):
        list(leaf_facts(Activity.objects.all(), localdate()))
    with django_assert_num_queries(1):
        shown_as_of([extended], DECIDED - ONE_DAY)
    with django_assert_num_queries(0):
        shown_as_of([extended], localdate())


def test_the_spans_of_terms(extended):
    first, last = spans_of(extended)
    assert (first.first, first.last, first.label, first.document) == (
        None, DECIDED - ONE_DAY, "01/01/2020 – 31/12/2021", "",
    )  # fmt: skip
    assert (last.first, last.last, last.label, last.document) == (
        DECIDED, None, "01/01/2020 – 31/12/2023", "12/QĐ",
    )  # fmt: skip
    assert spans_of(make_activity(extended.area, due_on=DUE)) == []


def test_spans_that_lie_after_or_across_the_newest_one(activity):
    Activity.objects.filter(pk=activity.pk).update(suspended_on=date(2020, 3, 1), resumed_on=date(2020, 5, 1))
    make_suspension(activity, date(2021, 3, 1), date(2021, 9, 1))
    make_suspension(activity, date(2021, 4, 1), date(2021, 5, 1))
    stopped = [
        activity_figure(activity, date(*day)).timeliness == Timeliness.STOPPED
        for day in ((2020, 4, 1), (2020, 6, 1), (2021, 4, 15), (2021, 6, 1), (2021, 9, 1))
    ]
    assert stopped == [True, False, True, True, False]


# What readers see


def test_the_page_lists_the_terms_and_the_suspensions(client, extended):
    make_suspension(extended, date(2020, 3, 1), date(2020, 5, 1), document="3/TB")
    page = text_of(client.get(extended.get_absolute_url()))
    assert "01/01/2020 – 31/12/2023 đến hết 14/12/2021: 01/01/2020 – 31/12/2021" in page
    assert "từ 15/12/2021: 01/01/2020 – 31/12/2023 (12/QĐ)" in page
    assert "trước đó tạm dừng từ 01/03/2020, tiếp tục từ 01/05/2020 (3/TB)" in page
    then = text_of(client.get(f"{extended.get_absolute_url()}?as_of=2021-12-01"))
    assert "Thời gian 01/01/2020 – 31/12/2021 đến hết" in then


@pytest.mark.parametrize(
    ("asked", "shown", "other"),
    [("2021-12-14", "31/12/2021", "31/12/2023"), ("2021-12-15", "31/12/2023", "31/12/2021")],
)
def test_lists_show_the_term_of_the_day(client, extended, asked, shown, other):
    plan = extended.area.plan
    for page in (
        client.get(f"{extended.area.get_absolute_url()}?as_of={asked}"),
        client.get(f"{reverse('activity-list', kwargs=plan.url_kwargs)}?as_of={asked}"),
    ):
        dated = [row for row in rows_of(page) if extended.title in row and "31/12/" in row]
        assert dated
        assert [row for row in dated if shown not in row or other in row] == []


def test_a_list_is_filtered_and_sorted_by_the_term_of_the_day(client, extended):
    make_activity(extended.area, code="HD-2", title="Việc khác", due_on=date(2022, 6, 30))
    listed = reverse("activity-list", kwargs=extended.area.plan.url_kwargs)

    def codes(query):
        return [row.code for row in client.get(f"{listed}?{query}").context["page"]]

    assert codes("as_of=2021-12-14&nam=2021") == ["HD-1"]
    assert codes("as_of=2021-12-14&nam=2023") == []
    assert codes("nam=2023") == codes("as_of=2021-12-15&nam=2023") == ["HD-1"]
    assert codes("as_of=2021-12-14&sap_xep=han") == ["HD-1", "HD-2"]
    assert codes("as_of=2021-12-15&sap_xep=han") == ["HD-2", "HD-1"]


def test_a_further_area_shows_the_term_of_the_day(client, extended):
    further = make_area(extended.area.plan, 9)
    extended.further_areas.add(further)
    (row,) = [
        row for row in rows_of(client.get(f"{further.get_absolute_url()}?as_of=2021-12-14")) if "HD" in row
        or extended.title in row
    ]  # fmt: skip
    assert "31/12/2021" in row
