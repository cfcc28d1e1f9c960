"""Institutions that merge, and what the database itself refuses."""

from datetime import date

import pytest

from cooperation.models import Agency, CooperationArea, JointPlan, Province
from tests.constraints import breaks
from tests.factories import make_agency, make_agreement, make_area, make_plan, make_province

pytestmark = pytest.mark.django_db

MERGER = date(2025, 7, 1)


@pytest.fixture
def merged():
    """Two departments of one name or two, merged into a third on 1/7/2025."""
    new = make_agency(name="Sở mới", valid_from=MERGER)
    old = make_agency(name="Sở cũ", dissolved_on=MERGER, successor=new)
    return old, new


def test_acting_on_changes_on_the_day_itself(merged):
    old, new = merged
    assert old.acting_on(date(2025, 6, 30)) == old
    assert old.acting_on(MERGER) == new
    assert new.acting_on(MERGER) == new


def test_acting_follows_a_chain_and_survives_a_circle():
    last = make_agency()
    middle = make_agency(dissolved_on=date(2024, 1, 1), successor=last)
    first = make_agency(dissolved_on=date(2020, 1, 1), successor=middle)
    assert first.acting_on(date(2022, 1, 1)) == middle
    assert first.acting_on(date(2024, 1, 1)) == last
    Agency.objects.filter(pk=last.pk).update(dissolved_on=date(2025, 1, 1), successor=first)
    assert first.acting_on(date(2026, 1, 1)) in {first, middle, last}


def test_label_names_the_successor_only_afterwards(merged):
    old, new = merged
    assert old.label_on(date(2025, 6, 30)) == old.name
    assert old.label_on(MERGER) == f"{old.name} (nay là {new.name})"


def test_label_of_two_provinces_with_one_name():
    new = make_province("Tây Ninh", valid_from=MERGER, code="80")
    old = make_province("Tây Ninh", dissolved_on=MERGER, successor=new, code="72")
    assert old.label_on(MERGER) == "Tỉnh Tây Ninh cũ (nay là Tỉnh Tây Ninh mới)"
    assert str(old) == "Tỉnh Tây Ninh (đến 30/06/2025)"
    assert list(Province.objects.existing_on(date(2025, 6, 30))) == [old]
    assert list(Province.objects.existing_on(MERGER)) == [new]


def test_acting_map_takes_one_query(merged, django_assert_num_queries):
    with django_assert_num_queries(1):
        Agency.objects.acting_map(MERGER)


def test_search_is_blind_to_accents_and_word_order():
    make_province("Mộc Hóa")
    make_province("Hòa Thành")
    assert [row.name for row in Province.objects.search("hoa moc")] == ["Mộc Hóa"]
    assert Province.objects.search("HOÀ").count() == 2
    assert Province.objects.search("").count() == 2


def test_vietnamese_order():
    for name in ("Đồng Nai", "An Giang", "Ân Thi", "Dĩ An"):
        make_province(name)
    assert [row.name for row in Province.objects.in_order()] == ["An Giang", "Ân Thi", "Dĩ An", "Đồng Nai"]


def test_saved_text_is_clean_also_with_update_fields():
    province = make_province(" Long \u00a0 An ")
    assert province.name == "Long An"
    province.name = "Tân  An"
    province.save(update_fields=["name"])
    province.refresh_from_db()
    assert (province.name, province.search_text.split()[:2]) == ("Tân An", ["tan", "an"])


def test_constraints_of_institutions():
    day = date(2020, 1, 1)
    make_province(code="80")
    breaks("province_code_once_without_start", lambda: make_province(code="80"))
    make_province(code="80", valid_from=day)
    breaks("province_code_once_per_start", lambda: make_province(code="80", valid_from=day))
    breaks("province_dissolved_after_founded", lambda: make_province(valid_from=day, dissolved_on=day))
    agency = make_agency()
    breaks(
        "agency_is_not_its_own_successor",
        lambda: Agency.objects.filter(pk=agency.pk).update(successor=agency.pk),
    )
    breaks("agency_dissolved_after_founded", lambda: make_agency(valid_from=day, dissolved_on=day))
    make_province(code=""), make_province(code="")


def test_constraints_of_documents():
    day = date(2018, 9, 28)
    make_agreement(number="4645/TT-LA-TN", signed_on=day)
    breaks("agreement_number_once", lambda: make_agreement(number="4645/TT-LA-TN", signed_on=day))
    breaks("agreement_years_in_order", lambda: make_agreement(start_year=2025, end_year=2018))
    breaks("jointplan_years_in_order", lambda: make_plan(start_year=2025, end_year=2018))
    make_plan(is_main=True)
    breaks("jointplan_one_main", lambda: make_plan(is_main=True))
    demonstration = make_plan(is_demonstration=True)
    JointPlan.objects.filter(is_main=True).update(is_main=False)
    breaks(
        "jointplan_main_is_real",
        lambda: JointPlan.objects.filter(pk=demonstration.pk).update(is_main=True),
    )


def test_constraints_of_areas():
    area = make_area(number=6)
    breaks("area_number_once_in_plan", lambda: make_area(area.plan, 6))
    breaks("area_number_from_1", lambda: make_area(area.plan, 0))
    make_area(make_plan(), 6)


def test_natural_keys_find_their_rows():
    area = make_area(number=6)
    assert CooperationArea.objects.get_by_natural_key(*area.natural_key()) == area
    assert JointPlan.objects.get_by_natural_key(*area.plan.natural_key()) == area.plan


def test_pages_of_the_main_plan_have_the_short_address():
    main, other = make_plan(is_main=True), make_plan(slug="minh-hoa")
    assert (main.url_kwargs, other.url_kwargs) == ({}, {"plan": "minh-hoa"})
