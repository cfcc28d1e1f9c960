"""Which enterprise a row names: by tax code, else by name within the province; never a guess."""

from datetime import date

import pytest

from cooperation.models import Province
from enterprises.models import MOU, Enterprise
from tests.constraints import breaks
from tests.enterprises.workbooks import row, tax_code
from tests.factories import make_enterprise, make_province

pytestmark = pytest.mark.django_db

NAME = "Công ty TNHH Thử Vàm Cỏ 1"
PERSON = "079123456789"


def outcomes(seen):
    return [line.outcome for line in seen.rows]


def problems(seen):
    return [(problem.row, problem.field, problem.code, problem.severity) for problem in seen.problems]


def party_a(seen):
    return [line.found["party_a"] for line in seen.rows]


def in_long_an(name, **kwargs):
    return make_enterprise(name, province=Province.objects.get(slug="long-an"), **kwargs)


def test_an_enterprise_is_the_same_by_tax_code_or_by_name_in_its_province(see, keep):
    keep(row(1, party_a="Công ty CP TM Mộc Hóa", party_b_tax_code=tax_code(1)))
    seen = see(
        row(2, party_a="CTY CỔ PHẦN THƯƠNG MẠI MỘC HOÁ", party_b="Tên khác", party_b_tax_code=tax_code(1)),
        row(3, party_a="Công ty CP TM Mộc Hóa", party_a_province="Tây Ninh"),
    )
    stored = MOU.objects.get()
    first, second = seen.rows
    assert (first.values["party_a_id"], first.values["party_b_id"]) == (stored.party_a_id, stored.party_b_id)
    assert second.found["party_a"].pk is None
    assert problems(seen) == []


def test_new_enterprises_of_a_file_are_made_once(see, keep):
    seen = see(row(1), row(2, party_a=row(1)["party_a"].upper()))
    first, second = party_a(seen)
    assert (first is second, first.pk) == (True, None)
    keep(row(1), row(2, party_a=row(1)["party_a"].upper()))
    assert Enterprise.objects.count() == 3


def test_equal_names_with_two_tax_codes_are_two_enterprises_and_a_question(see):
    name = "Công ty Vàm Cỏ"
    seen = see(*(row(n, party_a=name, party_a_tax_code=tax_code(n)) for n in (1, 2)))
    first, second = party_a(seen)
    assert (first.tax_code, second.tax_code) == (tax_code(1), tax_code(2))
    assert problems(seen) == [(3, "party_a", "possible_duplicate", "warning")]
    assert outcomes(seen) == ["created", "created"]


def test_of_two_tax_codes_one_at_most_belongs_to_a_stored_enterprise_without_one(see):
    stored = in_long_an(NAME)
    seen = see(*(row(n, party_a=NAME, party_a_tax_code=tax_code(n)) for n in (1, 2)))
    assert problems(seen) == [
        (2, "party_a_tax_code", "possible_duplicate", "warning"),
        (3, "party_a", "possible_duplicate", "warning"),
    ]
    assert [party.pk for party in party_a(seen)] == [stored.pk, None]


@pytest.mark.parametrize(
    "near",
    [
        {"party_a": "Công ty TNHH Mộc Hóa"},
        {"party_a": "Công ty CP Thương mại Dịch vụ Mộc Hóa"},
        {"party_a_province": None, "party_a": "Cty Mộc Hóa"},
        {"party_a_province": "Tây Ninh", "signed_on": date(2026, 1, 1), "expires_on": None},
    ],
)
def test_a_near_name_is_a_warning_and_a_question_and_never_a_merge(see, keep, near):
    """Legal form or line of business aside, without a province, or in the province that took in its own."""
    keep(row(1, party_a="Công ty CP Mộc Hóa"))
    cells = {"party_a": "Công ty CP Mộc Hóa", **near}
    seen = see(row(2, **cells))
    assert problems(seen) == [(2, "party_a", "possible_duplicate", "warning")]
    assert (party_a(seen)[0].pk, outcomes(seen)) == (None, ["created"])
    (question,) = seen.builder.questions
    stored = Enterprise.objects.get(name="Công ty CP Mộc Hóa")
    assert (question.row, question.name, question.near, question.near_pk, question.answer) == (
        2, cells["party_a"], stored.name, stored.pk, "",
    )  # fmt: skip


def answered(see, cells, answer):
    (question,) = see(cells).builder.questions
    return {question.key: answer}


def test_answered_the_same_the_known_one_is_used_and_gains_the_name(see, keep):
    stored = in_long_an("Công ty CP Mộc Hóa")
    cells = row(1, party_a="Công ty TNHH Mộc Hóa")
    decisions = answered(see, cells, "same")
    seen = keep(cells, decisions=decisions)
    assert (party_a(seen)[0].pk, problems(seen), outcomes(seen)) == (stored.pk, [], ["created"])
    assert [question.answer for question in seen.builder.questions] == ["same"]
    stored.refresh_from_db()
    assert stored.other_names == "Công ty TNHH Mộc Hóa"
    again = see(row(2, party_a="CÔNG TY TNHH MỘC HOÁ"))
    assert (party_a(again)[0].pk, problems(again), again.builder.questions) == (stored.pk, [], [])
    assert outcomes(keep(cells)) == ["unchanged"]
    stored.refresh_from_db()
    assert stored.other_names == "Công ty TNHH Mộc Hóa"


def test_answered_the_same_for_two_new_names_of_one_file_makes_one_enterprise(see, keep):
    rows = [row(1, party_a="Công ty CP Mộc Hóa"), row(2, party_a="Công ty TNHH Mộc Hóa")]
    (question,) = see(*rows).builder.questions
    assert (question.near, question.near_pk) == ("Công ty CP Mộc Hóa", None)
    keep(*rows, decisions={question.key: "same"})
    one = Enterprise.objects.get(name__contains="Mộc Hóa")
    assert (one.name, one.other_names) == ("Công ty CP Mộc Hóa", "Công ty TNHH Mộc Hóa")
    assert one.mous_as_a.count() == 2


def test_answered_new_there_are_two_and_nothing_is_asked(see, keep):
    stored = in_long_an("Công ty CP Mộc Hóa")
    cells = row(1, party_a="Công ty TNHH Mộc Hóa")
    seen = keep(cells, decisions=answered(see, cells, "new"))
    assert problems(seen) == []
    assert Enterprise.objects.filter(name__contains="Mộc Hóa").count() == 2
    stored.refresh_from_db()
    assert stored.other_names == ""


def test_what_a_merged_record_was_known_by_leads_to_the_kept_one_also_through_a_chain(see):
    kept = in_long_an("Công ty CP Mộc Hóa", tax_code=tax_code(3))
    middle = in_long_an("Công ty Bến Lức", merged_into=kept, tax_code=tax_code(2))
    in_long_an("Công ty Tầm Vu", merged_into=middle, tax_code=tax_code(1))
    seen = see(
        row(1, party_a="Công ty Bến Lức"),
        row(2, party_a="Cty Tầm Vu"),
        row(3, party_a="Tên khác hẳn", party_a_tax_code=tax_code(1)),
        row(4, party_a="Tên khác nữa", party_a_tax_code=tax_code(2)),
    )
    assert [party.pk for party in party_a(seen)] == [kept.pk] * 4
    assert problems(seen) == []


def test_a_rejected_row_names_no_enterprise_for_later_rows(see):
    seen = see(
        row(1, party_a="Tên gõ nhầm", party_a_tax_code=tax_code(1), area=99),
        row(2, party_a="Công ty Đúng", party_a_tax_code=tax_code(1)),
    )
    assert outcomes(seen) == ["rejected", "created"]
    assert seen.rows[1].found["party_a"].name == "Công ty Đúng"


def test_a_demonstration_enterprise_is_never_taken_for_a_real_one(see):
    in_long_an("Công ty CP Mộc Hóa", is_demonstration=True)
    seen = see(row(party_a="Công ty CP Mộc Hóa"))
    assert (party_a(seen)[0].pk, seen.builder.questions) == (None, [])


def test_a_person_s_number_is_kept_for_staff_only(see, keep):
    seen = keep(row(1, party_a="Hộ kinh doanh Bà Sáu", party_a_tax_code=PERSON))
    assert problems(seen) == [(2, "party_a_tax_code", "invalid_tax_code", "warning")]
    stored = Enterprise.objects.get(name="Hộ kinh doanh Bà Sáu")
    assert (stored.personal_number, stored.tax_code, stored.published) == (PERSON, "", False)
    assert (stored.search_text.count(PERSON), MOU.objects.get().search_text.count(PERSON)) == (0, 0)
    again = see(row(2, party_a="Hộ KD Sáu", party_a_tax_code=PERSON))
    assert party_a(again)[0].pk == stored.pk


def test_a_name_that_several_bear_is_asked_about(see):
    for name in ("An Giang", "Bình Dương"):
        make_enterprise(NAME, province=make_province(name))
    seen = see(row(1, party_a_province=None))
    assert problems(seen) == [(2, "party_a", "possible_duplicate", "error")]
    assert seen.problems[0].message == (f"Có 2 doanh nghiệp cùng tên “{NAME}”: hãy ghi tỉnh hoặc mã số thuế.")
    assert outcomes(see(row(1, party_a_province="An Giang"))) == ["created"]


def test_without_a_province_a_name_is_still_once():
    make_enterprise(NAME)
    breaks("enterprise_name_once_without_province", lambda: make_enterprise(NAME.upper()))
    make_enterprise(NAME, province=make_province())


def test_the_two_who_sign_with_each_other_are_never_asked_about(see):
    seen = see(
        row(1, party_a="Công ty TNHH Thử Vàm Cỏ", party_b="HTX Thử Vàm Cỏ", party_b_province="Long An"),
    )
    assert (problems(seen), seen.builder.questions) == ([], [])
