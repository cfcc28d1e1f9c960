"""Sheets of enterprises: one enterprise a row, the same by tax code, else by name within the province."""

import pytest

from cooperation.importing.columns import LONG
from cooperation.models import Province
from cooperation.roles import sync_roles
from enterprises.models import MOU, Enterprise
from tests.enterprises.workbooks import row, tax_code
from tests.factories import make_enterprise, make_user

pytestmark = pytest.mark.django_db

HEADER = ["STT", "Tên doanh nghiệp", "MST", "Tỉnh", "Tên khác", "Ghi chú"]
PERSON = "079123456789"


def table(*rows, header=HEADER):
    return [header, *([number, *cells] for number, cells in enumerate(rows, 1))]


@pytest.fixture
def look(see):
    return lambda *rows, **options: see(cells=table(*rows), kind="enterprise", **options)


@pytest.fixture
def bring(keep):
    return lambda *rows, **options: keep(cells=table(*rows), kind="enterprise", **options)


def outcomes(seen):
    return [line.outcome for line in seen.rows]


def problems(seen):
    return [(problem.row, problem.field, problem.code, problem.severity) for problem in seen.problems]


def in_long_an(name, **kwargs):
    return make_enterprise(name, province=Province.objects.get(slug="long-an"), **kwargs)


def test_a_new_enterprise_is_stored_with_its_derived_columns(bring):
    seen = bring(["Công ty CP Mộc Hóa", tax_code(1), "Long An", "Moc Hoa JSC", "Gọi trước"])
    assert (outcomes(seen), problems(seen)) == (["created"], [])
    stored = Enterprise.objects.search("moc hoa jsc").get()
    assert (stored.name, stored.tax_code, stored.province.slug) == (
        "Công ty CP Mộc Hóa",
        tax_code(1),
        "long-an",
    )
    assert (stored.name_key, stored.note) == ("cong ty co phan moc hoa", "Gọi trước")
    assert (stored.published, stored.is_demonstration) == (True, False)


def test_importing_again_changes_nothing_and_an_empty_cell_erases_nothing(bring):
    bring(["Công ty CP Mộc Hóa", tax_code(1), "Long An", "Moc Hoa JSC", "Gọi trước"])
    assert outcomes(bring(["Công ty CP Mộc Hóa", tax_code(1), "Long An", "Moc Hoa JSC", "Gọi trước"])) == [
        "unchanged"
    ]
    assert outcomes(bring(["Công ty CP Mộc Hóa", tax_code(1)])) == ["unchanged"]
    assert Enterprise.objects.get().note == "Gọi trước"


def test_another_spelling_of_its_name_is_a_changed_cell(look, bring):
    bring(["Công ty CP Mộc Hóa", "", "Long An"])
    line = look(["Công ty CP Mộc Hoá", "", "Long An"]).rows[0]
    assert (line.outcome, line.changes) == ("updated", {"name": ("Công ty CP Mộc Hóa", "Công ty CP Mộc Hoá")})


def test_found_by_its_tax_code_it_keeps_its_name_and_gains_the_other(bring):
    stored = in_long_an("Công ty CP Mộc Hóa", tax_code=tax_code(1), other_names="Moc Hoa JSC")
    seen = bring(["Công ty CP Mộc Hóa Xanh", tax_code(1), "", "MHX", ""])
    assert (outcomes(seen), problems(seen)) == (["updated"], [])
    assert seen.rows[0].changes == {
        "other_names": ("Moc Hoa JSC", "Moc Hoa JSC\nMHX\nCông ty CP Mộc Hóa Xanh")
    }
    stored.refresh_from_db()
    assert stored.name == "Công ty CP Mộc Hóa"
    assert stored.other_names == "Moc Hoa JSC\nMHX\nCông ty CP Mộc Hóa Xanh"


def test_found_by_a_name_that_it_has_gained_nothing_is_gained_again(look):
    in_long_an("Công ty CP Mộc Hóa", other_names="Moc Hoa JSC")
    assert outcomes(look(["MOC HOA JSC", "", "Long An", "công ty cp mộc hóa"])) == ["unchanged"]


def test_a_tax_code_is_added_where_there_is_none(bring):
    stored = in_long_an("Công ty CP Mộc Hóa")
    seen = bring(["Công ty CP Mộc Hóa", tax_code(1), "Long An"])
    assert seen.rows[0].changes == {"tax_code": ("", tax_code(1))}
    stored.refresh_from_db()
    assert stored.tax_code == tax_code(1)


def test_another_tax_code_is_a_question_and_never_overwrites(look):
    in_long_an("Công ty CP Mộc Hóa", tax_code=tax_code(1))
    seen = look(["Công ty CP Mộc Hóa", tax_code(2), "Long An"])
    assert problems(seen) == [(2, "name", "possible_duplicate", "warning")]
    assert outcomes(seen) == ["created"]
    (question,) = seen.builder.questions
    same = look(["Công ty CP Mộc Hóa", tax_code(2), "Long An"], decisions={question.key: "same"})
    assert (outcomes(same), problems(same)) == (
        ["rejected"],
        [(2, "tax_code", "possible_duplicate", "error")],
    )
    assert same.problems[0].value == tax_code(2)


def test_a_near_name_is_a_question_and_the_answer_counts(look, bring):
    stored = in_long_an("Công ty CP Mộc Hóa")
    near = ["Công ty TNHH Mộc Hóa", "", "Long An"]
    seen = look(near)
    assert problems(seen) == [(2, "name", "possible_duplicate", "warning")]
    (question,) = seen.builder.questions
    assert outcomes(look(near, decisions={question.key: "new"})) == ["created"]
    same = bring(near, decisions={question.key: "same"})
    assert (outcomes(same), problems(same)) == (["updated"], [])
    stored.refresh_from_db()
    assert (Enterprise.objects.count(), stored.other_names) == (1, "Công ty TNHH Mộc Hóa")


def test_memoranda_are_found_by_a_name_that_their_party_gains(keep, bring):
    keep(row(1, party_a_tax_code=tax_code(1)))
    bring(["Hàng Xanh", tax_code(1)])
    assert MOU.objects.search("hang xanh").count() == 1


def test_a_person_s_number_is_kept_for_staff_only(bring):
    seen = bring(["Hộ kinh doanh Bà Sáu", PERSON, "Long An"])
    assert problems(seen) == [(2, "tax_code", "invalid_tax_code", "warning")]
    stored = Enterprise.objects.get()
    assert (stored.personal_number, stored.tax_code, stored.published) == (PERSON, "", False)
    assert stored.search_text.count(PERSON) == 0
    assert outcomes(bring(["Hộ kinh doanh Bà Sáu", PERSON, "Long An"])) == ["unchanged"]


def test_duplicates_in_the_file(look):
    first = ["Công ty CP Mộc Hóa", tax_code(1), "Long An", "", ""]
    seen = look(first, first, ["Tên khác", tax_code(1), "Long An", "", ""])
    assert outcomes(seen) == ["created", "duplicate", "rejected"]
    assert problems(seen) == [
        (3, "name", "duplicate_in_file", "warning"),
        (4, "name", "duplicate_in_file", "error"),
    ]


def test_all_problems_of_a_row_come_in_one_pass(look):
    seen = look(["", "1234567890", "Sài Gòn Mới", "x" * (LONG + 1), ""])
    assert sorted(problem.code for problem in seen.problems) == [
        "invalid_tax_code", "required", "too_long", "unknown_province",
    ]  # fmt: skip


def test_a_rejected_row_names_no_enterprise_for_later_rows(look):
    seen = look(["Tên gõ nhầm", tax_code(1), "Sài Gòn Mới"], ["Công ty Đúng", tax_code(1), "Long An"])
    assert outcomes(seen) == ["rejected", "created"]
    assert seen.rows[1].title == "Công ty Đúng"


def test_columns_of_our_own_are_never_taken_from_a_sheet(see):
    own = ["id", "agency", "published", "is_demonstration"]
    cells = [[*HEADER, *own, "Công khai"], [1, "Cty A", "", "", "", "", 7, 1, 0, 1, "không"]]
    seen = see(cells=cells, kind="enterprise")
    assert seen.summary()["unmapped"] == own
    assert seen.rows[0].values == {"name": "Cty A", "is_demonstration": False}


def test_who_may_not_write_enterprises_is_told(look, plan):
    sync_roles()
    agency = plan.agencies.get()
    new, known = ["Cty Bến Lức", "", "Long An"], ["Cty Mộc Hóa", "", "Long An", "", "đổi"]
    in_long_an("Cty Mộc Hóa")
    assert outcomes(look(new, known, user=make_user(agency=agency, role="Nhập liệu"))) == [
        "created",
        "updated",
    ]
    seen = look(new, known, user=make_user(agency=agency, role="Chuyên viên"))
    assert outcomes(seen) == ["rejected", "rejected"]
    assert problems(seen) == [(2, "name", "not_allowed", "error"), (3, "name", "not_allowed", "error")]
    assert seen.rows[1].changes == {}
