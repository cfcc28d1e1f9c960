"""Enterprises and memoranda: identity, and what the database refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cooperation.models import ImportBatch, ImportRow
from enterprises.models import MOU, Enterprise
from tests.constraints import breaks
from tests.factories import make_activity, make_area, make_enterprise, make_mou, make_plan, make_province

pytestmark = pytest.mark.django_db


def test_one_name_once_in_a_province_however_it_is_written():
    province = make_province()
    make_enterprise("Công ty CP TM Mộc Hóa", province=province)
    breaks(
        "enterprise_name_once_in_province",
        lambda: make_enterprise("CÔNG TY CỔ PHẦN THƯƠNG MẠI MỘC HOÁ", province=province),
    )
    make_enterprise("Cty CP TM Mộc Hóa", province=make_province("Tây Ninh"))


def test_one_tax_code_once():
    make_enterprise(tax_code="0301175691")
    breaks("enterprise_tax_code_once", lambda: make_enterprise(tax_code="0301175691"))


def test_a_wrong_tax_code_is_refused_in_words():
    with pytest.raises(ValidationError, match="số kiểm tra"):
        Enterprise(name="Công ty A", tax_code="0301175619").full_clean()


def test_a_memorandum_without_number_is_the_same_by_pair_day_and_content():
    area = make_area()
    one = make_mou(area, content="Tiêu thụ trà")
    again = {"party_a": one.party_b, "party_b": one.party_a, "content": "TIÊU THỤ  TRÀ"}
    breaks("mou_identity_once_in_plan", lambda: make_mou(area, **again))
    make_mou(area, **again | {"content": "Tiêu thụ gạo"})
    make_mou(area, **again, number="02/BGN")
    assert MOU.objects.count() == 3


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("mou_expires_after_signing", {"expires_on": date(2019, 5, 16)}),
        ("mou_values_not_negative", {"value": -1}),
        ("mou_values_not_negative", {"realised_value": -1}),
        ("mou_currency_code", {"currency": "đồn"}),
    ],
)
def test_constraints_of_memoranda(constraint, facts):
    breaks(constraint, lambda: make_mou(**facts))


def test_parties_differ_and_numbers_are_once_in_a_plan():
    same = make_enterprise()
    breaks("mou_parties_differ", lambda: make_mou(party_a=same, party_b=same))
    area = make_area()
    make_mou(area, number="01/BGN")
    breaks("mou_number_once_in_plan", lambda: make_mou(area, number="01/BGN"))
    make_mou(make_area(make_plan()), number="01/BGN")


def test_area_and_activity_belong_to_the_plan():
    mou = make_mou()
    mou.area = make_area()
    with pytest.raises(ValidationError, match="kế hoạch khác"):
        mou.full_clean()
    other = make_mou(activity=make_activity())
    with pytest.raises(ValidationError, match="kế hoạch khác"):
        other.full_clean()


def test_public_search_does_not_find_what_only_staff_may_see():
    make_mou(party_a_representative="Nguyễn Thử", party_a_phone="0912345678", content="Tiêu thụ trà")
    assert MOU.objects.search("tra tieu thu").count() == 1
    assert MOU.objects.search("nguyen thu").count() == 0
    assert MOU.objects.search("0912345678").count() == 0


def test_a_row_is_once_in_its_batch():
    batch = ImportBatch.objects.create(plan=make_plan(), file_name="a.xlsx", sha256="0" * 64)
    ImportRow.objects.create(batch=batch, number=2, outcome="created")
    breaks(
        "import_row_once_in_batch", lambda: ImportRow.objects.create(batch=batch, number=2, outcome="created")
    )


def test_a_renamed_party_is_found_by_its_new_name():
    old, other = make_enterprise("Công ty Cũ Kỹ"), make_enterprise()
    area = make_area()
    for content in ("một", "hai"):
        make_mou(area, party_a=old, party_b=other, content=content)
    old.name = "Công ty Đổi Mới"
    old.save()
    assert MOU.objects.search("doi moi").count() == 2
    assert MOU.objects.search("cu ky").count() == 0
    assert MOU.objects.search(other.name).count() == 2
