"""What a preview says of each row of an MOU sheet: its problems, and what would be written."""

from datetime import date
from decimal import Decimal

import pytest

from cooperation.importing.reader import UnusableFileError
from cooperation.models import CooperationArea, Province
from enterprises.models import MOU, Enterprise
from tests.enterprises import workbooks
from tests.enterprises.workbooks import row, tax_code
from tests.factories import make_activity

pytestmark = pytest.mark.django_db

PAIR = ["Ngày ký", "Các bên ký kết", "Lĩnh vực"]


def outcomes(seen):
    return [line.outcome for line in seen.rows]


def problems(seen):
    return [(problem.row, problem.field, problem.code, problem.severity) for problem in seen.problems]


def only(seen):
    """What the only row would write; it has no problem."""
    (line,) = seen.rows
    assert problems(seen) == []
    return line.values


def names(seen):
    """Both parties of every row, as the sheet would make or find them."""
    return [(line.found["party_a"].name, line.found["party_b"].name) for line in seen.rows]


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
    assert only(see(row(expires_on=None, term="12 tháng")))["expires_on"] == date(2020, 5, 17)
    assert only(see(row(expires_on=None, term="đến 31/12/2025")))["expires_on"] == date(2025, 12, 31)
    assert only(see(row(term="12 tháng")))["expires_on"] == date(2021, 5, 17)


def test_one_currency_for_one_memorandum(see):
    assert only(see(row(value="50.000 USD", currency=None)))["currency"] == "USD"
    assert problems(see(row(value="50.000 USD"))) == [(2, "currency", "invalid_choice", "error")]
    mixed = row(currency=None, value="1,2 tỷ", realised_value="1.000 USD")
    assert problems(see(mixed)) == [(2, "currency", "invalid_choice", "error")]
    assert only(see(row(currency="USD", realised_value=0)))["currency"] == "USD"


def retitled(title, **cells):
    head, *body = workbooks.table([row(**cells)])
    return [[title if name == "Giá trị" else name for name in head], *body]


def test_a_unit_or_currency_in_the_header_counts(see):
    written = only(see(cells=retitled("Giá trị (triệu đồng)", value=1200, currency=None)))
    assert written["value"] == Decimal("1200000000")
    written = only(see(cells=retitled("Kim ngạch (USD)", value=50_000, currency=None)))
    assert (written["value"], written["currency"]) == (Decimal("50000"), "USD")


def test_a_unit_above_the_table_counts(see):
    cells = [["DANH SÁCH"], ["", "", "", "", "ĐVT: triệu đồng"], *workbooks.table([row(value=1200)])]
    assert only(see(cells=cells))["value"] == Decimal("1200000000")


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
    (line,) = see(row(party_a_province=typed, signed_on=signed_on, expires_on=None)).rows
    assert line.found["party_a"].province_id == Province.objects.get(slug=slug).pk


def test_without_provinces_a_name_is_unknown(see):
    Province.objects.update(successor=None)
    Province.objects.all().delete()
    assert [code for _row, _field, code, _severity in problems(see(row()))] == ["unknown_province"] * 2


def test_the_province_in_the_header_holds_for_every_row(see):
    cells = [
        ["Ngày ký", "Doanh nghiệp Long An", "Doanh nghiệp Tây Ninh", "Lĩnh vực"],
        ["17/5/2019", "Cty A", "Cty B", 6],
        ["17/5/2026", "Cty C", "Cty D", 6],
    ]
    seen = see(cells=cells)
    slugs = dict(Province.objects.values_list("pk", "slug"))
    assert [slugs[line.found["party_b"].province_id] for line in seen.rows] == [
        "tay-ninh-truoc-2025", "tay-ninh",
    ]  # fmt: skip
    assert [slugs[line.found["party_a"].province_id] for line in seen.rows] == ["long-an", "long-an"]


def test_a_column_of_the_province_wins_over_the_header(see):
    cells = [
        ["Ngày ký", "Doanh nghiệp Long An", "Tỉnh", "Doanh nghiệp Tây Ninh", "Lĩnh vực"],
        ["17/5/2019", "Cty A", "Tây Ninh", "Cty B", 6],
        ["17/5/2019", "Cty C", "", "Cty D", 6],
    ]
    first, second = (line.found["party_a"].province_id for line in see(cells=cells).rows)
    assert (first, second) == (Province.objects.get(slug="tay-ninh-truoc-2025").pk, None)


def test_an_area_by_number_and_by_title(see):
    seen = see(row(1, area="VI"), row(2, area="lĩnh vực SỐ 7"), row(3, area="Du lịch biển"))
    numbers = dict(CooperationArea.objects.values_list("pk", "number"))
    assert [numbers[line.values["area_id"]] for line in seen.rows[:2]] == [6, 7]
    assert problems(seen) == [(4, "area", "unknown_area", "error")]


def test_the_event_is_linked_where_one_activity_bears_its_name(plan, see):
    area = plan.areas.get(number=6)
    activity = make_activity(area, title="Hội nghị kết nối cung cầu")
    assert only(see(row(event="HỘI NGHỊ kết nối cung cầu")))["activity_id"] == activity.pk
    make_activity(area, title="Hội nghị kết nối cung cầu")
    assert only(see(row(event="Hội nghị kết nối cung cầu"))).get("activity_id") is None


def test_the_same_enterprise_on_both_sides(see):
    for cells in (
        {"party_b": "Cty TNHH Thử", "party_b_province": "Long An"},
        {"party_b": "Cty TNHH Thử", "party_b_province": None},
        {"party_b": "Tên khác", "party_b_tax_code": tax_code(1), "party_a_tax_code": tax_code(1)},
    ):
        seen = see(row(party_a="Công ty TNHH Thử", **cells))
        assert problems(seen) == [(2, "party_b", "same_party", "error")]
    assert only(see(row(party_a="Công ty TNHH Thử", party_b="Công ty TNHH Thử")))


def test_both_parties_in_one_column_are_split_only_where_the_clerk_says_so(see):
    cells = [PAIR, ["17/5/2019", "Công ty Mộc Hóa – HTX Bà Đen", 6], ["18/5/2019", "Cty C với Cty D", 7]]
    seen = see(cells=cells)
    assert seen.missing == []
    assert problems(seen) == [(2, "parties", "required", "error"), (3, "parties", "required", "error")]
    assert seen.problems[0].message == (
        "Ô ghi cả hai bên: “Công ty Mộc Hóa” và “HTX Bà Đen”. Nếu đúng, hãy chọn “Tách hai bên”."
    )
    split = see(cells=cells, split_parties=True)
    assert names(split) == [("Công ty Mộc Hóa", "HTX Bà Đen"), ("Cty C", "Cty D")]
    assert (outcomes(split), problems(split)) == (["created", "created"], [])


@pytest.mark.parametrize("pair", ["Cty TNHH Huy Long An - Mỹ Bình – Cty B", "Cty TNHH Mộc Hóa"])
def test_a_pair_that_can_be_read_in_no_or_several_ways_is_never_split(see, pair):
    seen = see(cells=[PAIR, ["17/5/2019", pair, 6]], split_parties=True)
    assert problems(seen) == [(2, "parties", "required", "error")]
    assert seen.problems[0].message == "Không rõ đâu là bên A, đâu là bên B: hãy ghi hai bên ở hai cột."


def test_an_empty_pair_is_told(see):
    seen = see(cells=[PAIR, ["17/5/2019", "", 6]])
    assert problems(seen) == [(2, "parties", "required", "error")]


@pytest.mark.parametrize("split", [False, True])
def test_a_name_with_a_dash_in_a_party_column_is_one_enterprise(see, split):
    seen = see(row(party_a="Công ty TNHH Huy Long An - Mỹ Bình"), split_parties=split)
    assert names(seen) == [("Công ty TNHH Huy Long An - Mỹ Bình", "Hợp tác xã Thử Bà Đen 1")]
    assert problems(seen) == []


def test_titles_numbers_of_columns_totals_and_signatures_are_not_data(see):
    head, *body = workbooks.table([row(1), row(2)])
    cells = [
        ["DANH SÁCH BẢN GHI NHỚ"],
        [],
        head,
        [f"({n})" for n in range(1, len(head) + 1)],
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
    assert problems(see(row(1), empty)) == [
        (3, name, "required", "error") for name in ("signed_on", "party_a", "party_b", "area")
    ]


def test_a_sheet_without_data_rows_or_with_too_many(see, settings):
    with pytest.raises(UnusableFileError, match="Không có dòng dữ liệu nào"):
        see()
    settings.PORTAL_IMPORT_MAX_ROWS = 2
    with pytest.raises(UnusableFileError, match="hơn 2 dòng"):
        see(row(1), row(2), row(3))


def test_a_sheet_that_lacks_needed_columns_says_which_and_builds_nothing(see):
    seen = see(cells=workbooks.table([row(1)], ("number", "signed_on", "party_a", "content")))
    assert (seen.missing, seen.rows, seen.builder) == (["Bên B", "Lĩnh vực"], [], None)


def test_columns_of_our_own_are_never_taken_from_a_sheet(see):
    own = ["id", "agency", "published", "Cơ quan quản lý", "Công khai"]
    (head, body) = workbooks.table([row(1)])
    seen = see(cells=[[*head, *own], [*body, 1, 1, 0, "Sở khác", "không"]])
    assert seen.summary()["unmapped"] == own
    assert only(seen).keys() & {"id", "agency_id", "published"} == set()


def test_a_number_made_of_a_dash_is_no_number(see):
    seen = see(row(1, number="-"), row(2, number="–"), row(3, number="…"))
    assert outcomes(seen) == ["created"] * 3
    assert [line.values.get("number", "") for line in seen.rows] == [""] * 3


def test_a_corporation_does_not_end_the_table(see):
    seen = see(row(1), row(2, number="Tổng công ty 2", party_a="Tổng công ty Lương thực"), row(3))
    assert outcomes(seen) == ["created"] * 3
