"""Numbers in admin forms, read and shown the Vietnamese way."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cooperation.admin_forms import NumberField

AMOUNTS = st.decimals(min_value=0, max_value=10**15, places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("40", "40"),
        ("40,5", "40.5"),
        ("40.5", "40.5"),
        ("1.200", "1200"),
        ("1.200.000.000", "1200000000"),
        ("1.200.000,25", "1200000.25"),
        ("1 200 000", "1200000"),
        ("-3,5", "-3.5"),
    ],
)
def test_numbers_as_people_write_them(typed, read):
    assert NumberField().clean(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["1.2.3", "1,2,3", "một", "1.20.000", "NaN", "=1+1", "--1"])
def test_what_is_no_number_is_refused_in_words(typed):
    with pytest.raises(ValidationError, match="Nhập một số"):
        NumberField().clean(typed)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("40.0", "40"), ("40.5", "40,5"), ("1200000000.00", "1.200.000.000"), ("0.00", "0"), ("100", "100")],
)
def test_numbers_are_shown_as_on_the_public_pages(stored, shown):
    assert NumberField().prepare_value(Decimal(stored)) == shown


def test_what_was_typed_wrong_is_shown_again():
    assert NumberField().prepare_value("mot ty") == "mot ty"


@given(AMOUNTS)
def test_a_number_survives_being_shown_and_sent_back(amount):
    field = NumberField(max_digits=20, decimal_places=2)
    shown = field.prepare_value(amount)
    assert field.clean(shown) == amount
    assert not field.has_changed(amount, shown)
