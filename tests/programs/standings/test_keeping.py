"""Whatever is written, in whatever order and on whatever day: what is kept is what the rule computes."""

import random
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from cooperation.corrections import written
from cooperation.discarding import discard, restore
from cooperation.models import CooperationArea, JointPlan
from programs import workflow
from programs.figures import plan_progress
from programs.handing_over import hand_over
from programs.measures import Timeliness
from programs.models import (
    Activity,
    AgencyStanding,
    AreaStanding,
    Indicator,
    IndicatorValue,
    KeptStandings,
    LeafStanding,
    Milestone,
    ProgressUpdate,
    ReportingPeriod,
    ScheduleChange,
    Suspension,
)
from programs.standings.checking import differences
from programs.standings.keeping import bring_to, rebuild, refresh
from programs.standings.reading import due_within, overdue, plan_standing
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_milestone,
    make_period,
    make_plan,
    make_schedule_change,
    make_snapshot,
    make_suspension,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

FIRST = date(2022, 5, 20)


class Clock:
    """Today, as far as Django knows."""

    def __init__(self, day):
        self.day = day

    def now(self):
        return datetime(self.day.year, self.day.month, self.day.day, 3, tzinfo=timezone.utc)  # noqa: UP017


@pytest.fixture
def clock():
    it = Clock(FIRST)
    with mock.patch("django.utils.timezone.now", it.now):
        yield it


def require_right(plan):
    """Every figure that is kept, against the rule over all records."""
    today = localdate()
    assert list(differences(plan)) == []
    computed, kept = plan_progress(plan, today), plan_standing(plan)
    assert kept is not None
    assert kept.headline == computed.headline
    assert [(row.area.pk, row.figure) for row in kept.areas] == [
        (row.area.pk, row.figure) for row in computed.areas
    ]
    fast = plan_progress(plan, today, leaves=False)
    assert fast.kept
    assert [row.figure for row in fast.areas] == [row.figure for row in computed.areas]
    leaves = {pk: leaf for row in computed.areas for pk, leaf in row.leaves.items() if leaf.countable}
    late = {pk: leaf.days_late for pk, leaf in leaves.items() if leaf.timeliness == Timeliness.OVERDUE}
    told = overdue(plan, 1000)
    assert {activity.pk: days for activity, days in told} == late
    assert [days for _activity, days in told] == sorted(late.values(), reverse=True)
    leads = dict(Activity.objects.filter(pk__in=leaves).values_list("pk", "lead_agency"))
    led = set(leads.values())
    assert set(kept.by_agency) == led
    for agency in led:
        own = {pk: leaf for pk, leaf in leaves.items() if leads[pk] == agency}
        row = kept.by_agency[agency]
        assert row.countable == len(own)
        assert row.completed == sum(leaf.completed for leaf in own.values())
        assert row.overdue == sum(pk in late for pk in own)
        assert row.longest_late == max((late.get(pk, 0) for pk in own), default=0)
        assert row.unreported == sum(leaf.last_report_on is None for leaf in own.values())
        assert row.owing == sum(leaf.expected and not leaf.reported for leaf in own.values())
        for days in (30, 60, 90):
            mine = [pk for activity, _n in due_within(plan, days, 1000) if (pk := activity.pk) in own]
            assert getattr(row, f"due_{days}") == len(mine)


class Writes:
    """One random write through a path that the portal has."""

    def __init__(self, seed, plan, agencies):
        self.chance, self.plan = random.Random(seed), plan
        self.agencies = agencies
        self.user, self.other = make_user(is_superuser=True), make_user(is_superuser=True)

    def day(self, before=200, after=200):
        return localdate() + timedelta(days=self.chance.randint(-before, after))

    def any(self, rows):
        rows = list(rows.order_by("pk"))
        return self.chance.choice(rows) if rows else None

    def save(self, record):
        if record is None:
            return
        with transaction.atomic():
            record.save()
            written(type(record), [record.pk], user=self.user)

    def fields(self):
        lifecycle = self.chance.choice(["in_progress", "in_progress", "completed", "suspended", "cancelled"])
        start, due = sorted((self.day(), self.day()))
        return {
            "area": self.any(CooperationArea.objects.filter(plan=self.plan)),
            "kind": self.chance.choice(["one_off", "one_off", "periodic", "continuous"]),
            "weight": self.chance.randint(1, 4),
            "lead_agency": self.chance.choice([*self.agencies, None]),
            "start_on": self.chance.choice([start, None]),
            "due_on": self.chance.choice([due, due, None]),
            "added_on": self.chance.choice([None, self.day(50, 20)]),
            "published": self.chance.random() < 0.9,
            "lifecycle": lifecycle,
            "completed_on": self.day(100, 0) if lifecycle == "completed" else None,
            "suspended_on": self.day(100, 0) if lifecycle == "suspended" else None,
            "cancelled_on": self.day(100, 0) if lifecycle == "cancelled" else None,
            "cancellation_document": self.chance.choice(["", "1/QĐ"]),
        }

    def add(self):
        number = self.chance.randrange(10**9)
        self.save(Activity(code=f"T-{number}", title=f"Việc {number}", **self.fields()))

    def change(self):
        activity = self.any(Activity.objects)
        for name, value in self.fields().items() if activity else ():
            setattr(activity, name, value)
        self.save(activity)

    def report(self):
        activity = self.any(Activity.objects)
        if activity is None:
            return
        row = make_update(
            activity, Decimal(self.chance.randint(0, 1000)) / 10, self.day(100, 10), status="draft",
            decided_at=None, fall_reason="đo lại",
            completed_on=self.day(50, 0) if self.chance.random() < 0.2 else None,
        )  # fmt: skip
        try:
            workflow.submit(update=row, user=self.user)
            workflow.accept(update=row, user=self.other)
        except ValidationError:
            pass  # a cancelled activity is not completed

    def milestone(self):
        activity = self.any(Activity.objects)
        rows = Milestone.objects.filter(activity__published=True)
        if activity and self.chance.random() < 0.6:
            if not Milestone.objects.filter(activity=activity, due_on=(due := self.day())).exists():
                self.save(Milestone(activity=activity, title="Mốc", due_on=due))
        elif one := self.any(rows):
            one.done_on = self.chance.choice([None, self.day(60, 0)])
            one.activity = activity
            if not Milestone.objects.filter(activity=activity, due_on=one.due_on).exclude(pk=one.pk).exists():
                self.save(one)

    def term(self):
        """A new term from today on, or one earlier: standings that are of an earlier day must move on."""
        activity = self.any(Activity.objects.exclude(due_on=None))
        if activity is None or activity.schedule_changes.exists():
            return
        was = activity.due_on
        activity.due_on = (activity.start_on or was) + timedelta(days=self.chance.randint(0, 300))
        self.save(activity)
        self.save(ScheduleChange(activity=activity, on=self.day(30, 0), due_before=was))

    def pause(self):
        activity = self.any(Activity.objects.filter(lifecycle="in_progress"))
        if activity is None:
            return
        first, last, again = sorted(self.day(100, 0) for _n in range(3))
        if not activity.suspensions.exists():
            self.save(Suspension(activity=activity, suspended_on=first, resumed_on=last))
        activity.suspended_on, activity.lifecycle = again, "suspended"
        self.save(activity)

    def indicator(self):
        activity = self.any(Activity.objects)
        indicator = Indicator.objects.first()
        if activity and indicator is None:
            indicator = Indicator(
                area=activity.area, code="CT", name="Số", unit="đợt", target=10, aggregation="cumulative"
            )
            self.save(indicator)
        if activity:
            activity.indicator = self.chance.choice([indicator, None])
            self.save(activity)
            value, _new = IndicatorValue.objects.get_or_create(
                indicator=indicator, year=2022, defaults={"actual": 1, "effective_on": self.day(50, 30)}
            )
            value.actual = self.chance.randint(0, 12)
            self.save(value)

    def bin(self):
        record = self.any(self.chance.choice([Activity, Milestone]).objects)
        gone = self.any(Activity.with_deleted.filter(deleted_at__isnull=False))
        with transaction.atomic():
            if gone and self.chance.random() < 0.5:
                restore(gone, user=self.user)
                written(Activity, [gone.pk], user=self.user)
            elif record:
                discard(record, user=self.user, reason="thử")
                written(type(record), [record.pk], user=self.user)

    def area(self):
        area = self.any(CooperationArea.objects.filter(plan=self.plan))
        area.published = not area.published
        self.save(area)

    def period(self):
        period = self.any(ReportingPeriod.objects)
        start, end = sorted((self.day(60, 0), self.day(0, 60)))
        if period is None:
            period = ReportingPeriod(plan=self.plan, kind="quarter", label="Quý")
        period.start_on, period.end_on = start, end
        self.save(period)

    def plan_itself(self):
        self.plan.refresh_from_db()
        self.plan.signed_on = self.chance.choice([None, self.day(20, 10)])
        self.plan.published = self.chance.random() < 0.8
        self.save(self.plan)

    def any_write(self):
        often = [self.add, self.change, self.report, self.milestone, self.term, self.pause]
        self.chance.choice([*often * 3, self.indicator, self.bin, self.area, self.period, self.plan_itself])()


@pytest.mark.parametrize("seed", range(12))
def test_any_writes_on_any_days(seed, clock):
    plan = make_plan(is_main=True)
    for number in (1, 2, 3):
        make_area(plan, number)
    writes = Writes(seed, plan, [make_agency(), make_agency()])
    rebuild(plan)
    for _n in range(12):
        writes.add()
    for step in range(40):
        writes.any_write()
        if writes.chance.random() < 0.25:
            clock.day += timedelta(days=writes.chance.choice([1, 1, 7, 40]))
        if step % 4 == 0:
            plan.refresh_from_db()
            require_right(plan)
    plan.refresh_from_db()
    require_right(plan)
    assert LeafStanding.objects.count() <= Activity.objects.count()


def small_world():
    plan = make_plan(is_main=True, signed_on=date(2019, 5, 17))
    area = make_area(plan, 1)
    agency = make_agency()
    late = make_activity(area, lead_agency=agency, start_on=date(2021, 1, 1), due_on=date(2022, 1, 1))
    make_update(late, 40, date(2022, 3, 31))
    rebuild(plan)
    return plan, area, agency, late


@pytest.mark.parametrize("count", [3, 3_000])
def test_an_import_of_any_size_is_refreshed_in_one_pass(count, clock, django_assert_num_queries):
    plan, area, agency, _late = small_world()
    rows = [
        Activity(area=area, code=f"N-{n}", title=f"Việc {n}", lead_agency=agency, due_on=FIRST)
        for n in range(count)
    ]
    for row in rows:
        row.prepare()
    Activity.objects.bulk_create(rows)
    with django_assert_num_queries(12):
        refresh([row.pk for row in rows])
    Activity.objects.filter(code__startswith="N-").update(due_on=FIRST - timedelta(days=1))
    with django_assert_num_queries(13):
        refresh([row.pk for row in rows])
    assert plan_standing(plan).areas[0].figure.overdue == count + 1
    assert list(differences(plan)) == []


def test_a_new_day_moves_only_what_changes(clock, django_assert_max_num_queries):
    plan, area, _agency, _late = small_world()
    soon = make_activity(area, start_on=FIRST - timedelta(days=10), due_on=FIRST + timedelta(days=5))
    refresh([soon.pk])
    clock.day += timedelta(days=1)
    with django_assert_max_num_queries(16):
        assert plan_standing(plan).areas[0].figure.overdue == 1
    require_right(plan)
    clock.day += timedelta(days=6)
    assert plan_standing(plan).areas[0].figure.overdue == 2
    require_right(plan)


def test_what_is_more_than_a_page_can_do_is_left_to_the_daily_job(clock, monkeypatch):
    plan, _area, _agency, _late = small_world()
    make_period(plan, start_on=FIRST + timedelta(days=1), end_on=FIRST + timedelta(days=90))
    monkeypatch.setattr("programs.standings.reading.ON_THE_WAY", 0)
    clock.day += timedelta(days=1)
    assert plan_standing(plan) is None
    assert not plan_progress(plan, clock.day, leaves=False).kept
    assert bring_to(plan, clock.day)
    require_right(plan)


@pytest.mark.parametrize("again", [False, True])
def test_a_new_term_or_suspension_while_the_standings_are_of_an_earlier_day(again, clock, monkeypatch):
    plan, area, _agency, late = small_world()
    make_activity(area, due_on=clock.day)  # moves every standing tomorrow, which is too much on the way
    rebuild(plan)
    monkeypatch.setattr("programs.standings.keeping.ON_THE_WAY", 0)
    clock.day += timedelta(days=1)
    if again:
        make_suspension(late, date(2021, 3, 1), date(2021, 4, 1))
        late.suspended_on, late.lifecycle = clock.day, "suspended"
    else:
        make_schedule_change(late, clock.day, late.due_on)
        late.due_on = date(2023, 1, 1)
    late.save()
    written(Activity, [late.pk], user=None)
    assert KeptStandings.objects.get().on == FIRST
    assert LeafStanding.objects.get(activity=late).overdue
    assert bring_to(plan, clock.day)
    require_right(plan)
    assert not LeafStanding.objects.get(activity=late).overdue


def test_a_clock_that_goes_back_computes(clock):
    plan, _area, _agency, late = small_world()
    clock.day -= timedelta(days=1)
    assert plan_standing(plan) is None
    late.weight = 3
    late.save()
    written(Activity, [late.pk], user=None)
    clock.day += timedelta(days=1)
    require_right(plan)


def test_an_activity_and_an_area_move_to_another_plan(clock):
    plan, area, _agency, late = small_world()
    other = make_area(make_plan(), 1)
    rebuild(other.plan)
    late.area = other
    late.save()
    written(Activity, [late.pk], user=None)
    for one in (plan, other.plan):
        require_right(one)
    late.area = area
    late.save()
    written(Activity, [late.pk], user=None)
    area.plan, area.number = other.plan, 2
    area.save()
    written(CooperationArea, [area.pk], user=None)
    for one in (plan, other.plan):
        require_right(one)
    assert AreaStanding.objects.get(pk=area.pk).plan_id == other.plan_id


def test_handing_over_moves_the_counts_to_the_successor(clock):
    plan, _area, agency, _late = small_world()
    agency.successor, agency.dissolved_on = make_agency(), FIRST - timedelta(days=1)
    agency.save()
    hand_over([agency], today=FIRST, document="1/NQ")
    assert list(plan_standing(plan).by_agency) == [agency.successor_id]
    require_right(plan)


def test_a_sealed_day_says_what_was_sealed(clock):
    plan, _area, _agency, late = small_world()
    clock.day += timedelta(days=1)
    make_snapshot(make_period(plan, start_on=FIRST - timedelta(days=90), end_on=FIRST))
    make_update(late, 90, date(2022, 5, 1))
    clock.day = FIRST
    rebuild(plan)
    progress = plan_progress(plan, FIRST, leaves=False)
    assert progress.snapshot is not None
    assert progress.headline.value == Decimal("40.0")
    assert plan_standing(plan) is None


def test_a_plan_that_is_not_kept_is_computed():
    area = make_area()
    make_activity(area)
    written(Activity, list(area.activities.values_list("pk", flat=True)), user=None)
    assert plan_standing(area.plan) is None
    assert not LeafStanding.objects.exists()


def test_a_refused_write_leaves_the_standings_as_they_were(clock):
    plan, _area, _agency, late = small_world()
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=late.pk).update(weight=5)
        refresh([late.pk])
        assert LeafStanding.objects.get(pk=late.pk).weight == 5
        JointPlan.objects.create(slug=plan.slug, title="hai lần", start_year=2019, end_year=2025)
    assert LeafStanding.objects.get(pk=late.pk).weight == 1
    require_right(plan)


@pytest.mark.parametrize("spoil", [
    lambda late: Activity.objects.filter(pk=late.pk).update(weight=7),
    lambda late: ProgressUpdate.objects.filter(activity=late).update(percent=10),
    lambda late: LeafStanding.objects.all().delete(),
    lambda late: AreaStanding.objects.update(overdue=5),
    lambda late: AgencyStanding.objects.update(open=9),
    lambda late: KeptStandings.objects.update(signed_on=None),
])  # fmt: skip
def test_what_went_past_the_portal_is_found_and_mended(spoil, clock):
    plan, _area, _agency, late = small_world()
    assert list(differences(plan)) == []
    spoil(late)
    assert list(differences(plan))
    rebuild(plan)
    require_right(plan)


def test_a_milestone_in_a_binned_activity_moves_nothing(clock):
    plan, _area, _agency, late = small_world()
    milestone = make_milestone(late, date(2022, 1, 1))
    discard(late, user=make_user(is_superuser=True), reason="thử")
    written(Activity, [late.pk], user=None)
    written(Milestone, [milestone.pk], user=None)
    assert plan_standing(plan).areas[0].figure.countable == 0
    require_right(plan)
