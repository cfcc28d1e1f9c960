"""What a preview says of each row: outcome, problems, old and new. Nothing is written."""

from datetime import date
from decimal import Decimal

import pytest

from cooperation.models import Province
from cooperation.roles import sync_roles
from enterprises.importing import batch, preview
from enterprises.importing.reader import UnusableFileError
from enterprises.models import MOU, Enterprise
from tests.enterprises import workbooks
from tests.enterprises.workbooks import row, tax_code
from tests.factories import make_activity, make_agency, make_enterprise, make_mou, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return workbooks.make_world()


@pytest.fixture
def see(plan, tmp_path):
    """Preview a sheet of those rows, or of those cells."""

    def seen(*rows, cells=None, user=None):
        path = workbooks.write(tmp_path / "a.xlsx", cells or workbooks.table(rows))
        return preview.build(path, plan, user=user)

    return seen


@pytest.fixture
def keep(see):
    """Import those rows."""
    return lambda *rows: batch.commit(see(*rows))


def outcomes(seen):
    return [row.outcome for row in seen.rows]


def problems(seen):
    return [(problem.row, problem.field, problem.code, problem.severity) for problem in seen.problems]


def test_a_good_sheet_is_all_new_and_the_preview_writes_nothing(see):
    report = see(*(row(n) for n in range(12))).report()
    assert (report["rows"], report["created"], report["rejected"]) == (12, 12, 0)
    assert (report["committed"], report["batch"], report["header_row"]) == (False, None, 1)
    assert report["problems"] == []
    assert report["columns"]["Ngày ký"] == "signed_on"
    assert (MOU.objects.count(), Enterprise.objects.count()) == (0, 0)


def test_all_problems_of_a_row_come_in_one_pass(see):
    seen = see(
        row(
            signed_on="31/02/2021", party_b=None, party_a_tax_code="1234567890", area=13, value="một ít",
            status="chờ xem", party_a_province="Sài Gòn Mới", currency="ABC", party_b_address="x" * 301,
        )
    )  # fmt: skip
    assert sorted(problem.code for problem in seen.problems) == [
        "invalid_choice", "invalid_choice", "invalid_date", "invalid_number", "invalid_tax_code", "required",
        "too_long", "unknown_area", "unknown_province",
    ]  # fmt: skip
    first = next(problem for problem in seen.problems if problem.code == "invalid_date")
    assert (first.row, first.column, first.field, first.value) == (2, "Ngày ký", "signed_on", "31/02/2021")
    assert outcomes(seen) == ["rejected"]


def test_order_of_dates_also_through_the_term_and_the_stored_end(see, keep):
    assert problems(see(row(expires_on=date(2019, 5, 16)))) == [(2, "expires_on", "date_order", "error")]
    late = row(expires_on=None, term="đến 1/1/2019")
    assert problems(see(late)) == [(2, "expires_on", "date_order", "error")]
    keep(row(1))
    moved = row(1, signed_on=date(2022, 1, 1), expires_on=None)
    assert problems(see(moved)) == [(2, "signed_on", "date_order", "error")]


def test_the_term_gives_the_end_where_that_column_is_empty(see):
    assert see(row(expires_on=None, term="12 tháng")).rows[0].mou.expires_on == date(2020, 5, 17)
    assert see(row(term="12 tháng")).rows[0].mou.expires_on == date(2021, 5, 17)


def test_one_currency_for_one_memorandum(see):
    assert see(row(value="50.000 USD", currency=None)).rows[0].mou.currency == "USD"
    assert problems(see(row(value="50.000 USD"))) == [(2, "currency", "invalid_choice", "error")]
    mixed = row(currency=None, value="1,2 tỷ", realised_value="1.000 USD")
    assert problems(see(mixed)) == [(2, "currency", "invalid_choice", "error")]
    assert see(row(currency="USD", realised_value=0)).rows[0].mou.currency == "USD"


def test_a_unit_in_the_header_counts(see):
    cells = workbooks.table([row(value=1200, currency=None)])
    cells[0] = ["Giá trị (triệu đồng)" if title == "Giá trị" else title for title in cells[0]]
    assert see(cells=cells).rows[0].mou.value == Decimal("1200000000")


@pytest.mark.parametrize(
    ("typed", "signed_on", "slug"),
    [
        ("Tây Ninh", date(2025, 6, 30), "tay-ninh-truoc-2025"),
        ("Tây Ninh", date(2025, 7, 1), "tay-ninh"),
        ("tỉnh TÂY NINH (cũ)", date(2025, 7, 1), "tay-ninh-truoc-2025"),
        ("Tinh Long An", date(2026, 1, 1), "long-an"),
        ("Long An (cũ)", date(2019, 5, 17), "long-an"),
    ],
)
def test_the_province_of_that_name_on_the_day_of_signing(see, typed, signed_on, slug):
    mou = see(row(party_a_province=typed, signed_on=signed_on, expires_on=None)).rows[0].mou
    assert mou.party_a.province.slug == slug


def test_without_provinces_a_name_is_unknown(see):
    Province.objects.update(successor=None)
    Province.objects.all().delete()
    assert [code for _row, _field, code, _severity in problems(see(row()))] == ["unknown_province"] * 2


def test_an_area_by_number_and_by_title(see):
    seen = see(row(1, area="VI"), row(2, area="lĩnh vực SỐ 7"), row(3, area="Du lịch biển"))
    assert [line.mou.area.number for line in seen.rows[:2]] == [6, 7]
    assert "1 – 12" in seen.problems[0].message


def test_the_event_is_linked_where_one_activity_bears_its_name(plan, see):
    area = plan.areas.get(number=6)
    activity = make_activity(area, title="Hội nghị kết nối cung cầu")
    assert see(row(event="HỘI NGHỊ kết nối cung cầu")).rows[0].mou.activity == activity
    make_activity(area, title="Hội nghị kết nối cung cầu")
    assert see(row(event="Hội nghị kết nối cung cầu")).rows[0].mou.activity is None


def test_an_enterprise_is_the_same_by_tax_code_or_by_name_in_its_province(see, keep):
    keep(row(1, party_a="Công ty CP TM Mộc Hóa", party_b_tax_code=tax_code(1)))
    seen = see(
        row(
            2, party_a="CTY CỔ PHẦN THƯƠNG MẠI MỘC HOÁ", party_b="Tên viết khác", party_b_tax_code=tax_code(1)
        ),
        row(3, party_a="Công ty CP TM Mộc Hóa", party_a_province="Tây Ninh"),
    )
    first, second = (line.mou for line in seen.rows)
    stored = MOU.objects.get()
    assert (first.party_a, first.party_b) == (stored.party_a, stored.party_b)
    assert second.party_a.pk is None
    assert problems(seen) == []


def test_equal_names_with_two_tax_codes_are_two_enterprises_and_a_question(see):
    seen = see(
        row(1, party_a="Cty A", party_a_tax_code=tax_code(1)),
        row(2, party_a="Cty A", party_a_tax_code=tax_code(2)),
    )
    assert seen.rows[0].mou.party_a is not seen.rows[1].mou.party_a
    assert problems(seen) == [(3, "party_a", "possible_duplicate", "warning")]
    assert outcomes(seen) == ["created", "created"]


@pytest.mark.parametrize(
    "near",
    [
        {"party_a": "Công ty TNHH Mộc Hóa"},
        {"party_a_province": None, "party_a": "Cty Mộc Hóa"},
        {"party_a_province": "Tây Ninh", "signed_on": date(2026, 1, 1), "expires_on": None},
    ],
)
def test_a_near_name_is_a_warning_and_never_a_merge(see, keep, near):
    """Legal form aside, without a province, or in the province into which its own was merged."""
    keep(row(1, party_a="Công ty CP Mộc Hóa"))
    seen = see(row(2, **{"party_a": "Công ty CP Mộc Hóa", **near}))
    assert problems(seen) == [(2, "party_a", "possible_duplicate", "warning")]
    assert seen.rows[0].mou.party_a.pk is None


def test_a_rejected_row_names_no_enterprise_for_later_rows(see):
    seen = see(
        row(1, party_a="Tên gõ nhầm", party_a_tax_code=tax_code(1), area=99),
        row(2, party_a="Công ty Đúng", party_a_tax_code=tax_code(1)),
    )
    assert outcomes(seen) == ["rejected", "created"]
    assert seen.rows[1].mou.party_a.name == "Công ty Đúng"


def test_a_demonstration_enterprise_is_never_taken_for_a_real_one(see):
    long_an = Province.objects.get(slug="long-an")
    make_enterprise("Công ty CP Mộc Hóa", province=long_an, is_demonstration=True)
    assert see(row(party_a="Công ty CP Mộc Hóa")).rows[0].mou.party_a.pk is None


def test_the_same_enterprise_on_both_sides(see):
    for cells in (
        {"party_b": "Cty TNHH Thử", "party_b_province": "Long An"},
        {"party_b": "Cty TNHH Thử", "party_b_province": None},
        {"party_b": "Tên khác", "party_b_tax_code": tax_code(1), "party_a_tax_code": tax_code(1)},
    ):
        seen = see(row(party_a="Công ty TNHH Thử", **cells))
        assert problems(seen) == [(2, "party_b", "same_party", "error")]
    assert problems(see(row(party_a="Công ty TNHH Thử", party_b="Công ty TNHH Thử"))) == []


def test_importing_again_changes_nothing_also_without_numbers(see, keep):
    rows = [row(n, number=None if n % 2 else f"{n}/BGN") for n in range(6)]
    keep(*rows)
    assert outcomes(see(*rows)) == ["unchanged"] * 6
    blank = [
        {**cells, "content": cells["content"] and cells["content"].upper(), "value": None} for cells in rows
    ]
    assert {tuple(line.changes) for line in see(*blank).rows} == {("content",)}
    assert set(outcomes(see(*({**cells, "value": None, "signed_at": None} for cells in rows)))) == {
        "unchanged"
    }


def test_only_a_changed_cell_updates_and_old_and_new_are_shown(see, keep):
    keep(row(1))
    line = see(row(1, value="1,5 tỷ", status="đang thực hiện", products=None)).rows[0]
    assert line.outcome == "updated"
    assert line.changes == {"value": ("1200000000", "1500000000"), "status": ("signed", "in_progress")}


def test_a_number_given_later_goes_to_the_memorandum_without_one(see, keep):
    keep(row(1, number=None))
    line = see(row(1, number="01/BGN")).rows[0]
    assert (line.outcome, line.changes) == ("updated", {"number": ("", "01/BGN")})
    keep(row(1, number="01/BGN"))
    assert outcomes(see(row(1, number="02/BGN"))) == ["created"]


def test_parties_the_other_way_round_keep_their_own_addresses(see, keep):
    keep(row(1, number=None, party_a_address="Tân An", party_a_phone="0272"))
    cells = row(1, number=None)
    turned = cells | {
        "party_a": cells["party_b"], "party_a_province": "Tây Ninh",
        "party_b": cells["party_a"], "party_b_province": "Long An", "party_b_address": "Bến Lức",
    }  # fmt: skip
    line = see(turned).rows[0]
    assert line.changes == {"party_a_address": ("Tân An", "Bến Lức")}


def test_duplicates_in_the_file(see):
    seen = see(row(1), row(1), row(1, content="Khác"), row(2, number=None), row(2, number=None, value=5))
    assert outcomes(seen) == ["created", "duplicate", "rejected", "created", "rejected"]
    assert problems(seen) == [
        (3, "number", "duplicate_in_file", "warning"),
        (4, "number", "duplicate_in_file", "error"),
        (6, "number", "duplicate_in_file", "error"),
    ]


def test_a_number_borne_by_a_faulty_row_is_told_in_the_same_pass(see):
    seen = see(row(1, area=99), row(1, content="Khác"))
    assert [code for _row, _field, code, _severity in problems(seen)] == ["unknown_area", "duplicate_in_file"]


def test_two_rows_never_speak_of_one_stored_memorandum(see, keep):
    keep(row(1))
    seen = see(row(1, signed_on=date(2019, 6, 1)), row(1, number=None))
    assert outcomes(seen) == ["updated", "rejected"]
    assert problems(seen) == [(3, "number", "duplicate_in_file", "error")]


def test_titles_numbers_of_columns_totals_and_signatures_are_not_data(see):
    head, *body = workbooks.table([row(1), row(2)])
    width = len(head)
    cells = [
        ["DANH SÁCH BẢN GHI NHỚ"],
        [],
        head,
        [f"({n})" for n in range(1, width + 1)],
        body[0],
        ["I. Lĩnh vực nông sản"],
        ["Tổng cộng", *[None] * 15, 2_400_000_000],
        body[1],
        [],
        ["Nơi nhận:", None, None, None, None, "KT. GIÁM ĐỐC", None, None, None, None, None, "PHÓ"],
        ["- Lưu: VT", None, None, None, None, "Họ tên"],
    ]
    seen = see(cells=cells)
    assert [(line.number, line.outcome) for line in seen.rows] == [(5, "created"), (8, "created")]
    assert seen.header.row == 3


def test_a_row_without_any_needed_cell_is_told_and_not_dropped(see):
    empty = row(2, signed_on=None, party_a=None, party_b=None, area=None)
    assert [code for _row, _field, code, _severity in problems(see(row(1), empty))] == ["required"] * 4


def test_rows_shorter_than_the_header(plan, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "STT;Ngày ký;Bên A;Bên B;Lĩnh vực;Ghi chú\n1;17/5/2019;Cty A;Cty B;6\n2;18/5/2019;Cty A\nTổng cộng\n"
    )
    seen = preview.build(path, plan)
    assert outcomes(seen) == ["created", "rejected"]
    assert [code for _row, _field, code, _severity in problems(seen)] == ["required"] * 2


def test_a_sheet_without_data_rows_or_with_too_many(see, settings):
    with pytest.raises(UnusableFileError, match="Không có dòng dữ liệu nào"):
        see()
    settings.PORTAL_IMPORT_MAX_ROWS = 2
    with pytest.raises(UnusableFileError, match="hơn 2 dòng"):
        see(row(1), row(2), row(3))


def test_columns_of_our_own_are_never_taken_from_a_sheet(see):
    cells = workbooks.table([row(1)])
    cells[0] += ["id", "agency", "published", "Cơ quan quản lý", "Công khai"]
    cells[1] += [1, 1, 0, "Sở khác", "không"]
    seen = see(cells=cells)
    assert seen.header.unmapped == ("id", "agency", "published", "Cơ quan quản lý", "Công khai")
    assert (seen.rows[0].mou.pk, seen.rows[0].mou.agency_id, seen.rows[0].mou.published) == (None, None, True)


def test_a_user_writes_own_rows_of_own_plans_and_no_others(plan, see):
    sync_roles()
    own = plan.agencies.get()
    clerk = make_user(agency=own, role="Nhập liệu")
    area = plan.areas.get(number=6)
    make_mou(area, number="01/BGN", agency=own)
    make_mou(area, number="02/BGN", agency=make_agency())
    seen = see(row(1, number="01/BGN"), row(2, number="02/BGN"), row(3), user=clerk)
    assert outcomes(seen) == ["updated", "rejected", "created"]
    assert problems(seen) == [(3, "number", "not_allowed", "error")]
    for stranger in (
        make_user(agency=make_agency(), role="Nhập liệu"),
        make_user(agency=own, role="Chuyên viên"),
    ):
        assert outcomes(see(row(1), user=stranger)) == ["rejected"]
        assert problems(see(row(1), user=stranger)) == [(2, "number", "not_allowed", "error")]


@pytest.mark.parametrize("count", [12, 500])
def test_the_number_of_queries_does_not_grow_with_the_rows(see, keep, django_assert_num_queries, count):
    """Areas, provinces, activities, enterprises, memoranda."""
    rows = [row(n) for n in range(count)]
    keep(*rows[: count // 2])
    with django_assert_num_queries(5):
        seen = see(*rows)
    assert outcomes(seen) == ["unchanged"] * (count // 2) + ["created"] * (count // 2)
