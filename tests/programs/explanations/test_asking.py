"""Asking and answering: who may, about what, to whom, once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from programs.explanations.asking import addressees, answer, ask, asked_about, may_answer
from programs.models import ExplanationRequest
from tests.factories import make_activity, make_agency, make_area, make_explanation, make_user

pytestmark = pytest.mark.django_db

MERGER = date(2025, 7, 1)


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


@pytest.fixture
def leader(office):
    return make_user(role="Lãnh đạo")


def put(leader, about, agency, **kwargs):
    return ask(
        **{
            "about": about,
            "agency": agency,
            "question": "Vì sao chậm?",
            "due_on": localdate() + timedelta(7),
            "user": leader,
            **kwargs,
        }
    )


def test_a_leader_asks_and_the_agency_answers(office, leader):
    activity = make_activity(lead_agency=office)
    asked = put(leader, activity, office, question="  Vì sao  chậm?\n\n\n\nKhi nào xong? ")
    assert (asked.question, asked.asked_by) == ("Vì sao chậm?\n\nKhi nào xong?", leader)
    clerk = make_user(agency=office, role="Chuyên viên")
    answered = answer(explanation=asked, text="Chờ kinh phí.", user=clerk)
    answered.refresh_from_db()
    assert (answered.answer, answered.answered_by) == ("Chờ kinh phí.", clerk)
    assert answered.question == "Vì sao chậm?\n\nKhi nào xong?"


def test_what_was_answered_is_never_answered_again(office, leader):
    asked = put(leader, make_activity(lead_agency=office), office)
    clerk = make_user(agency=office, role="Chuyên viên")
    stale = ExplanationRequest.objects.get(pk=asked.pk)
    answer(explanation=asked, text="Một.", user=clerk)
    with pytest.raises(ValidationError, match="Đã có giải trình lúc"):
        answer(explanation=stale, text="Hai.", user=clerk)
    assert ExplanationRequest.objects.get().answer == "Một."


@pytest.mark.parametrize("role", ["Chuyên viên", "Người duyệt", "Nhập liệu", None])
def test_only_leaders_ask(office, role):
    activity = make_activity(lead_agency=office)
    with pytest.raises(PermissionDenied):
        put(make_user(agency=office, role=role), activity, office)


def test_who_answers(office, leader):
    asked = put(leader, make_activity(lead_agency=office), office)
    assert may_answer(make_user(agency=office, role="Chuyên viên"), asked)
    assert may_answer(make_user(agency=office, role="Người duyệt"), asked)
    assert not may_answer(make_user(agency=office, role="Nhập liệu"), asked)
    assert not may_answer(make_user(agency=make_agency(), role="Chuyên viên"), asked)
    assert not may_answer(make_user(agency=office, role="Lãnh đạo"), asked)
    with pytest.raises(PermissionDenied):
        answer(explanation=asked, text="x", user=leader)


def test_the_addressee_is_who_acts_today_and_its_successor_answers(office, leader):
    new = make_agency("Sở mới", valid_from=MERGER)
    old = make_agency("Sở cũ", dissolved_on=MERGER, successor=new)
    activity = make_activity(lead_agency=old)
    assert list(addressees(activity, date(2025, 6, 30))) == [old]
    assert list(addressees(activity, MERGER)) == [new]
    before = make_explanation(activity, agency=old)
    assert may_answer(make_user(agency=new, role="Chuyên viên"), before)


def test_an_area_is_asked_about_at_those_who_lead_in_it(office):
    area = make_area()
    lead, partner, elsewhere = make_agency(), make_agency(), make_agency()
    make_activity(area, lead_agency=lead).partner_agencies.add(elsewhere)
    make_activity(area).partner_agencies.add(partner)
    make_activity(lead_agency=elsewhere)
    assert set(addressees(area, localdate())) == {lead, partner}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": " \n "}, "question"),
        ({"due_on": localdate() - timedelta(1)}, "due_on"),
        ({"agency": None}, "agency"),
    ],
)
def test_what_cannot_be_asked(office, leader, change, field):
    if "agency" in change:
        change = {"agency": make_agency()}
    with pytest.raises(ValidationError) as refusal:
        put(leader, make_activity(lead_agency=office), **{"agency": office, **change})
    assert set(refusal.value.message_dict) == {field}
    assert not ExplanationRequest.objects.exists()


def test_today_is_still_in_time(office, leader):
    assert put(leader, make_activity(lead_agency=office), office, due_on=localdate()).pk


def test_the_same_question_waits_once_and_may_come_again_after_its_answer(office, leader):
    activity = make_activity(lead_agency=office)
    first = put(leader, activity, office)
    with pytest.raises(ValidationError, match="đang chờ trả lời"):
        put(leader, activity, office)
    other = put(leader, activity, office, question="Khi nào xong?")
    answer(explanation=first, text="Chờ.", user=make_user(agency=office, role="Chuyên viên"))
    again = put(leader, activity, office)
    assert list(asked_about(leader, activity)) == [again, other, first]


def test_an_empty_answer_is_none(office, leader):
    asked = put(leader, make_activity(lead_agency=office), office)
    with pytest.raises(ValidationError):
        answer(explanation=asked, text=" ", user=make_user(agency=office, role="Chuyên viên"))


@pytest.mark.parametrize(
    "broken",
    [
        {"area": True},
        {"activity": None},
        {"question": ""},
        {"answer": "x"},
        {"answered_at": "2022-01-01T00:00Z"},
    ],
)
def test_the_database_refuses_half_a_record(broken):
    asked = make_explanation()
    if "area" in broken:
        broken = {"area": make_area()}
    with pytest.raises(IntegrityError), transaction.atomic():
        ExplanationRequest.objects.filter(pk=asked.pk).update(**broken)
