"""The page about the rule: its examples say what the golden table says, and its anchors lead somewhere."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from portal.method.examples import examples, in_words, worked
from programs.measures import Kind, LeafFacts, Status, Timeliness
from tests.pages import html_of, text_of

# The golden table as it was agreed: value, and what else is said of the case.
GOLDEN = {
    1: (None, {"status": Status.NO_ACTIVITY}),
    2: ("20.0", {"status": Status.INSUFFICIENT, "reported": 1, "expected": 2}),
    3: ("75.0", {"cancelled": 1}),
    4: ("50.0", {"cancelled": 0, "countable": 3}),
    5: ("50.0", {"planned": Decimal("50.0"), "gap": Decimal("0.0")}),
    6: ("42.9", {"planned": Decimal("57.1"), "gap": Decimal("-14.3"), "status": Status.ATTENTION}),
    7: ("75.0", {}),
    8: ("99.7", {}),
    9: ("30.0", {}),
    10: ("99.0", {}),
    11: (None, {"status": Status.ONLY_CONTINUOUS}),
    12: ("65.0", {}),
    13: ("100.0", {}),
    14: ("50.0", {}),
    15: ("50.0", {"cancelled": 0, "countable": 3}),
}


@pytest.mark.parametrize("example", examples(), ids=lambda example: str(example.number))
def test_examples_are_the_golden_cases(example):
    value, more = GOLDEN[example.number]
    figure = worked(example).figure
    assert figure.value == (value if value is None else Decimal(value))
    assert {name: getattr(figure, name) for name in more} == more


def test_what_a_figure_alone_does_not_tell():
    cases = {example.number: worked(example) for example in examples()}
    assert sorted(cases) == sorted(GOLDEN)
    assert str(cases[11].figure.last_activity_on) == "2022-05-04"
    _name, _facts, halted = cases[12].lines[0]
    assert halted.planned_shown == Decimal("50.0")
    _name, _facts, late = cases[13].lines[0]
    assert (late.timeliness, late.days_late) == (Timeliness.DONE_LATE, 10)
    assert (cases[14].headline.value, cases[14].headline.with_value, cases[14].headline.areas) == (50, 11, 12)


def test_facts_in_words_name_every_fact():
    facts = LeafFacts(
        kind=Kind.ONE_OFF, weight=3, cancelled_on=examples()[0].on, cancellation_document="1/QĐ"
    )
    assert in_words(facts) == ["một lần", "trọng số 3", "hủy 31/12/2022 (1/QĐ)", "chưa báo cáo"]


@pytest.mark.django_db
def test_page(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(reverse("method"))
    text = text_of(response)
    assert "Quy tắc phiên bản 1" in text
    assert "Tiến độ chung: 50,0 % trên 11/12 lĩnh vực" in text
    assert "42,9 %" in text and "kế hoạch 57,1, chênh lệch -14,3 điểm" in text
    assert "hoàn thành quá hạn 10 ngày" in text
    assert "Dưới 60 %" in text and "Còn 30 ngày" in text
    markup = html_of(response)
    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    assert {f"r{rule}" for rule in range(1, 15)} <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', markup)) <= set(ids)


@pytest.mark.django_db
def test_thresholds_are_those_in_force(client, settings):
    settings.PORTAL_ATTENTION_GAP = Decimal("-5")
    settings.PORTAL_MINIMUM_COVERAGE = Decimal("80")
    text = text_of(client.get(reverse("method")))
    assert "từ -5 trở lên" in text and "Dưới 80 %" in text
