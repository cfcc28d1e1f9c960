"""Canonical JSON: facts and figures come back as they went, and the figures follow from the facts."""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.facts import ActivityFacts
from programs.measures import (
    AreaFigure,
    Headline,
    Kind,
    LeafFacts,
    LeafFigure,
    MilestoneFacts,
    Period,
    Thresholds,
)
from programs.periods.content import Sealed, canonical, decode, encode, leaf_entry, leaf_of, sha256
from programs.progress import RULE_VERSION, area_figure, headline, leaf_figure

ON = date(2021, 12, 14)
PERIOD = Period(date(2020, 12, 15), ON)
DAYS = st.dates(date(2019, 1, 1), date(2023, 12, 31))
MAYBE = st.none() | DAYS
PERCENTS = st.decimals(0, 100, places=1)
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)
MILESTONES = st.builds(MilestoneFacts, due_on=DAYS, done_on=MAYBE, waived_on=MAYBE)
LEAVES = st.builds(
    LeafFacts,
    kind=st.sampled_from(Kind),
    weight=st.integers(1, 9),
    added_on=MAYBE,
    start_on=MAYBE,
    due_on=MAYBE,
    completed_on=MAYBE,
    suspended_on=MAYBE,
    resumed_on=MAYBE,
    cancelled_on=MAYBE,
    cancellation_document=st.sampled_from(["", "12/CV-SCT"]),
    updates=st.lists(st.tuples(DAYS, st.none() | PERCENTS), max_size=3).map(tuple),
    milestones=st.lists(MILESTONES, max_size=3).map(tuple),
    uses_indicator=st.booleans(),
    indicator_percent=st.none() | st.fractions(0, 100, max_denominator=97),
    indicator_on=MAYBE,
)
THRESHOLDS = st.builds(
    Thresholds,
    attention_gap=st.decimals(-20, 0, places=1),
    late_gap=st.decimals(-60, -21, places=1),
    minimum_coverage=st.integers(0, 100).map(Decimal),
    due_soon_days=st.integers(0, 90),
)


def through_text(value):
    """As it comes back from the database: one text."""
    return json.loads(canonical(encode(value)))


def activity_of(number, facts, title="Việc"):
    return ActivityFacts(1, 1, number, f"HD-{number}", title, "day", None, facts, {"updates": []})


@given(LEAVES)
def test_facts_come_back_exactly(facts):
    assert decode(LeafFacts, through_text(facts)) == facts


@given(LEAVES, THRESHOLDS)
def test_figures_come_back_exactly_and_follow_from_the_facts(facts, thresholds):
    figure = leaf_figure(facts, ON, PERIOD, thresholds)
    entry = json.loads(canonical(leaf_entry(activity_of(1, facts), figure)))
    stored = decode(LeafFigure, entry["figure"])
    assert stored.percent == figure.percent
    assert isinstance(stored.percent, Fraction | None)
    assert encode(stored) == encode(figure)
    assert encode(leaf_of(entry, ON, PERIOD, thresholds)) == encode(figure)
    assert entry["figure"]["shown"] == encode(figure.shown)


def content_of(leaves, thresholds=Thresholds(), titles=None, **more):  # noqa: B008
    """A content of one area, as sealing builds it."""
    figures = [leaf_figure(facts, ON, PERIOD, thresholds) for facts in leaves]
    area = area_figure(figures, thresholds)
    entries = [
        leaf_entry(activity_of(number, facts, (titles or {}).get(number, "Việc")), figure)
        for number, (facts, figure) in enumerate(zip(leaves, figures, strict=True), 1)
    ]
    return canonical(
        {
            "format": 1,
            "rule_version": RULE_VERSION,
            "thresholds": encode(thresholds),
            "plan": {"slug": "ke-hoach", "title": "Kế hoạch"},
            "period": {"kind": "year", "label": "Năm 2021", **encode(PERIOD), "due_on": None},
            "sealed_at": "2021-12-20T08:00:00+07:00",
            "incomplete_reason": "",
            "reports": [],
            "headline": encode(headline([area])),
            "areas": [{"id": 1, "number": 6, "title": "XTTM", "figure": encode(area), "activities": entries}],
            **more,
        }
    )


@given(st.lists(LEAVES, max_size=5), THRESHOLDS)
def test_a_whole_content_is_recomputed_equal(leaves, thresholds):
    sealed = Sealed(content_of(leaves, thresholds))
    assert sealed.faults() == []
    assert sealed.thresholds == thresholds
    assert isinstance(sealed.areas[0].figure, AreaFigure)
    assert isinstance(sealed.headline, Headline)
    assert set(sealed.areas[0].leaves) == set(range(1, len(leaves) + 1))


@given(LEAVES, TEXTS)
def test_one_content_has_one_byte_sequence(facts, title):
    text = content_of([facts], titles={1: title})
    assert canonical(json.loads(text)) == text
    assert sha256(text) == sha256(canonical(json.loads(text)))


def test_text_is_nfc_and_unescaped():
    decomposed = "Mo\u0323\u0302c Ho\u0301a"
    text = content_of([LeafFacts()], titles={1: decomposed})
    assert "Mộc Hóa" in text
    assert "\\u" not in text


def test_a_changed_figure_is_found():
    content = json.loads(content_of([LeafFacts(updates=((ON, Decimal("40.0")),)), LeafFacts()]))
    content["areas"][0]["activities"][0]["figure"]["percent"] = "41"
    assert Sealed(canonical(content)).faults() == ["HD-1"]
    content["areas"][0]["activities"][0]["facts"]["updates"] = [["2021-12-14", "41.0"]]
    assert Sealed(canonical(content)).faults() == ["6", "*"]
    content["headline"]["value"] = "99.9"
    content["areas"][0]["activities"][0]["facts"]["updates"] = [["2021-12-14", "40.0"]]
    content["areas"][0]["activities"][0]["figure"]["percent"] = "40"
    assert Sealed(canonical(content)).faults() == ["*"]


def test_figures_are_the_stored_ones_whatever_the_rule_says_now():
    content = json.loads(content_of([LeafFacts(updates=((ON, Decimal("40.0")),))]))
    content["rule_version"] = RULE_VERSION + 1
    content["areas"][0]["figure"]["value"] = "77.7"
    sealed = Sealed(canonical(content))
    assert not sealed.by_rule_of_today
    assert sealed.areas[0].figure.value == Decimal("77.7")


@pytest.mark.parametrize("value", [Decimal("1E+2"), Decimal("-0.5"), Decimal("12345678901234567890.1234")])
def test_decimals_are_written_out(value):
    assert "E" not in encode(value)
    assert Decimal(encode(value)) == value


def test_days_in_order():
    assert encode(ON + timedelta(days=18)) == "2022-01-01"
