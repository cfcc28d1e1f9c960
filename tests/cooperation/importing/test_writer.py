"""Rows that the writer stores are the rows that the ORM would store, on either database."""

import datetime
import json
from decimal import Decimal

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cooperation.importing import writer
from cooperation.models import ImportBatch, ImportRow
from enterprises.models import MOU, Enterprise
from tests import factories

pytestmark = pytest.mark.django_db
FAST = settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
ODD = (
    "\\N",
    "\\.",
    "\t",
    "a\nb",
    "\r\n",
    "\\",
    "\\\\t",
    "'",
    '"',
    "😀",
    "",
    " ",
    "=1+1",
    "{{ 7*7 }}",
    "%s",
    "\x0b",
    "\u2028",
)
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60),
)
DAYS = st.one_of(st.none(), st.dates(datetime.date(2019, 5, 17), datetime.date(2999, 1, 1)))
AMOUNTS = st.one_of(st.none(), st.decimals(0, 10**15, places=2))
JSON = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**50), 2**50), TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
CHANGES = st.fixed_dictionaries(
    {"content": TEXTS, "note": TEXTS, "event": TEXTS, "value": AMOUNTS, "realised_value": AMOUNTS,
     "effective_on": DAYS, "expires_on": DAYS, "published": st.booleans(), "value_is_public": st.booleans()}
)  # fmt: skip


def values(record) -> dict:
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


def stored(model, pk) -> dict:
    return model.objects.filter(pk=pk).values().get()


def without(row: dict, *names) -> dict:
    return {name: value for name, value in row.items() if name not in names}


def new_mou(area, **changes) -> MOU:
    parties = {side: factories.make_enterprise() for side in ("party_a", "party_b")}
    made = MOU(plan=area.plan, area=area, signed_on=datetime.date(2019, 5, 17), **parties, **changes)
    made.prepare()
    return made


@pytest.fixture
def area():
    return factories.make_area()


@FAST
@given(changes=CHANGES)
def test_an_inserted_row_is_the_one_that_the_orm_inserts(area, changes):
    made = new_mou(area, **changes)
    (key,) = writer.allocate(MOU, 1)
    writer.insert(MOU, [{**values(made), "id": key}])
    ours = stored(MOU, key)
    MOU.objects.filter(pk=key).delete()
    made.save()
    assert without(ours, "id") == without(stored(MOU, made.pk), "id")
    made.delete()


@FAST
@given(changes=CHANGES)
def test_an_updated_row_is_the_one_that_the_orm_updates(area, changes):
    ours, theirs = new_mou(area, number="1"), new_mou(area, number="2")
    ours.save()
    theirs.save()
    writer.update(MOU, [{"id": ours.pk, **changes}], list(changes))
    MOU.objects.filter(pk=theirs.pk).update(**changes)
    assert {name: stored(MOU, ours.pk)[name] for name in changes} == {
        name: stored(MOU, theirs.pk)[name] for name in changes
    }
    MOU.objects.all().delete()


@FAST
@given(changes=CHANGES)
def test_a_history_entry_is_the_one_that_simple_history_keeps(area, changes):
    user = factories.make_user(is_superuser=True)
    made = new_mou(area, **changes)
    made._history_user, made._change_reason = user, "Lần nhập 1: a.xlsx"
    made.save()
    made.refresh_from_db()
    writer.keep_history(MOU, [values(made)], "+", user=user, reason="Lần nhập 1: a.xlsx")
    theirs, ours = MOU.history.filter(id=made.pk).order_by("history_id").values()
    assert without(ours, "history_id", "history_date") == without(theirs, "history_id", "history_date")
    assert abs(ours["history_date"] - theirs["history_date"]) < datetime.timedelta(minutes=1)
    made.delete()


@FAST
@given(old=JSON, problems=st.lists(JSON, max_size=3), title=TEXTS)
def test_json_and_text_come_back_as_they_went_in(area, old, problems, title):
    batch = ImportBatch.objects.create(kind="mou", plan=area.plan, file_name="a", sha256="0" * 64)
    row = {
        "batch_id": batch.pk, "number": 2, "outcome": "created", "object_id": None, "title": title,
        "old_values": {"x": old}, "new_values": {}, "problems": problems, "related": [],
    }  # fmt: skip
    writer.insert(ImportRow, [row])
    ours = batch.rows.get()
    theirs = ImportRow.objects.create(**{**row, "number": 3})
    theirs.refresh_from_db()
    for name in ("old_values", "problems", "title"):
        assert getattr(ours, name) == getattr(theirs, name) == row[name]
        assert json.dumps(getattr(ours, name)) == json.dumps(getattr(theirs, name))
    batch.delete()


def test_keys_that_are_allocated_are_nobody_elses():
    first = factories.make_enterprise()
    keys = writer.allocate(Enterprise, 3)
    assert len(set(keys)) == 3
    assert first.pk not in keys
    rows = [{**values(first), "id": key, "name": f"Tên {key}", "name_key": f"ten {key}"} for key in keys]
    writer.insert(Enterprise, rows)
    assert factories.make_enterprise().pk not in keys
    assert Enterprise.objects.count() == 5


def test_what_a_row_leaves_out_has_the_fields_default(area):
    made = new_mou(area)
    row = without(values(made), "status", "currency", "published", "value", "agency_id")
    (row["id"],) = writer.allocate(MOU, 1)
    writer.insert(MOU, [row])
    mou = MOU.objects.get()
    assert (mou.status, mou.currency, mou.value, mou.agency) == ("signed", "VND", None, None)
    assert mou.published == MOU().published


def test_many_rows_are_updated_each_with_its_own_values(area):
    records = [factories.make_mou(area, number=str(n)) for n in range(5)]
    rows = [{"id": one.pk, "value": Decimal(n), "note": f"\t{n}\\"} for n, one in enumerate(records)]
    writer.update(MOU, rows[:4], ["value", "note"])
    assert list(MOU.objects.order_by("pk").values_list("value", "note")) == [
        *((Decimal(n), f"\t{n}\\") for n in range(4)),
        (None, ""),
    ]
    assert MOU.objects.get(pk=records[4].pk).number == "4"


def test_deleting_takes_the_links_along_and_nothing_else():
    area = factories.make_area()
    agency = factories.make_agency()
    gone, kept = factories.make_activity(area), factories.make_activity(area)
    for activity in (gone, kept):
        activity.partner_agencies.add(agency)
    writer.delete(type(gone), [gone.pk])
    assert list(type(gone).objects.all()) == [kept]
    assert list(kept.partner_agencies.all()) == [agency]
    assert type(gone).partner_agencies.through.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_something_else_needs_is_not_deleted():
    mou = factories.make_mou()
    with pytest.raises(IntegrityError):
        writer.delete(Enterprise, [mou.party_a_id])
    assert Enterprise.objects.count() == 2


def test_nothing_is_written_for_no_rows(django_assert_num_queries):
    with django_assert_num_queries(0):
        writer.insert(MOU, [])
        writer.update(MOU, [], ["value"])
        writer.delete(MOU, [])
        writer.keep_history(MOU, [], "+", user=None, reason="")


def test_a_long_reason_is_kept_whole():
    record = factories.make_enterprise()
    writer.keep_history(Enterprise, [values(record)], "~", user=None, reason="x" * 300)
    assert record.history.first().history_change_reason == "x" * 300
