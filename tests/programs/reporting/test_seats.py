"""For whom staff report: the lead, the other province beside it, every partner where nobody leads."""

from datetime import date

import pytest

from programs.reporting.seats import Seat, reportable, seat
from tests.factories import make_activity, make_agency, make_user

pytestmark = pytest.mark.django_db


def test_the_lead_and_those_above_it_report_for_the_lead(activity, office, reporter):
    assert seat(activity, reporter) == Seat(office, False)
    unit = make_agency("Trung tâm", parent=office, province=office.province)
    led = make_activity(activity.area, lead_agency=unit)
    assert seat(led, make_user(agency=office, role="Chuyên viên")) == Seat(unit, False)


def test_the_other_province_reports_beside(activity, other_office):
    there = make_user(agency=other_office, role="Chuyên viên")
    assert seat(activity, there) is None
    activity.partner_agencies.add(other_office)
    assert seat(activity, there) == Seat(other_office, True)
    assert list(reportable(there)) == [activity]


def test_a_partner_of_the_leading_side_does_not_report(activity, office):
    colleague = make_agency("Trung tâm", province=office.province)
    activity.partner_agencies.add(colleague)
    assert seat(activity, make_user(agency=colleague, role="Chuyên viên")) is None


def test_where_nobody_leads_every_partner_reports(activity, other_office):
    shared = make_activity(activity.area)
    shared.partner_agencies.add(other_office)
    assert seat(shared, make_user(agency=other_office, role="Chuyên viên")) == Seat(other_office, False)


def test_the_successor_reports_for_both(activity, office, other_office):
    activity.partner_agencies.add(other_office)
    new = make_agency("Sở mới", valid_from=date(2025, 7, 1))
    for old in (office, other_office):
        old.dissolved_on, old.successor = date(2025, 7, 1), new
        old.save()
    assert seat(activity, make_user(agency=other_office, role="Chuyên viên")) == Seat(new, False)


def test_strangers_have_no_seat(activity):
    stranger = make_user(agency=make_agency(), role="Chuyên viên")
    assert seat(activity, stranger) is None
    assert not reportable(stranger).exists()
