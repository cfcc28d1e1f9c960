"""Which stored memorandum a row speaks of: never two for one, never one for two, never somebody else's."""

from datetime import date

import pytest

from cooperation.importing import batch
from cooperation.importing.batch import ImportConflictError
from cooperation.models import Province
from cooperation.roles import sync_roles
from enterprises.models import MOU, Enterprise
from tests.enterprises.workbooks import row
from tests.factories import make_agency, make_enterprise, make_mou, make_user

pytestmark = pytest.mark.django_db

NAME = "Công ty TNHH Thử Vàm Cỏ 1"


def commit(seen):
    return batch.commit(seen, batch.new_batch(seen, None))


def outcomes(seen):
    return [line.outcome for line in seen.rows]


def problems(seen):
    return [(problem.row, problem.field, problem.code, problem.severity) for problem in seen.problems]


def test_importing_again_changes_nothing_also_without_numbers(see, keep):
    rows = [row(n, number=None if n % 2 else f"{n}/BGN") for n in range(6)]
    keep(*rows)
    assert outcomes(see(*rows)) == ["unchanged"] * 6
    shouted = [{**cells, "content": cells["content"].upper(), "value": None} for cells in rows]
    assert [tuple(line.changes) for line in see(*shouted).rows] == [("content",)] * 6


def test_the_same_file_three_times_makes_nothing_new(keep):
    rows = [row(1, party_a_province=None), row(2)]
    keep(*rows)
    before = (MOU.objects.count(), Enterprise.objects.count())
    for _ in range(2):
        assert outcomes(keep(*rows)) == ["unchanged", "unchanged"]
    assert (MOU.objects.count(), Enterprise.objects.count()) == before == (2, 4)


def test_an_empty_cell_erases_nothing(see, keep):
    keep(row(1, party_a_phone="0912345678", note="gấp", result="tốt"))
    needed = ("number", "signed_on", "party_a", "party_a_province", "party_b", "party_b_province", "area")
    bare = {name: row(1)[name] for name in needed}
    assert outcomes(see(row(1, party_a_phone="", note=" ", result=None))) == ["unchanged"]
    line = see({**bare, "note": "xong"}).rows[0]
    assert (line.outcome, line.changes) == ("updated", {"note": ("gấp", "xong")})


def test_only_a_changed_cell_updates_and_old_and_new_are_shown(see, keep):
    keep(row(1))
    line = see(row(1, value="1,5 tỷ", status="đang thực hiện", products=None)).rows[0]
    assert line.outcome == "updated"
    assert line.changes == {
        "value": ("1.200.000.000", "1.500.000.000"),
        "status": (str(MOU.Status.SIGNED.label), str(MOU.Status.IN_PROGRESS.label)),
    }


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


def test_a_stored_memorandum_keeps_its_party_without_a_province(see, plan):
    mou = make_mou(plan.areas.get(number=6), party_a=make_enterprise(NAME), number="01/BGN-2019")
    (line,) = see(row(1, party_a_province=None)).rows
    assert (line.pk, line.found["party_a"].pk) == (mou.pk, mou.party_a_id)


@pytest.mark.parametrize("known", [False, True])
def test_two_previews_of_one_new_memorandum_are_stored_once(see, known):
    """Whether the enterprises are new as well, or stored already."""
    if known:
        make_enterprise(NAME, province=Province.objects.get(slug="long-an"))
        old = Province.objects.get(slug="tay-ninh-truoc-2025")
        make_enterprise("Hợp tác xã Thử Bà Đen 1", province=old)
    numbered, bare = see(row(1)), see(row(1, number=None))
    commit(numbered)
    with pytest.raises(ImportConflictError, match="được người khác"):
        commit(bare)
    assert MOU.objects.count() == 1
    assert outcomes(see(row(1, number=None))) == ["unchanged"]


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
        seen = see(row(1), user=stranger)
        assert (outcomes(seen), problems(seen)) == (["rejected"], [(2, "number", "not_allowed", "error")])


@pytest.mark.parametrize(
    "guess",
    [{"value": 1_200_000_000}, {"value": 3_000_000_000}, {"signed_on": "1/1/2022", "expires_on": None}],
)
def test_nothing_of_another_agency_s_record_is_shown_or_confirmed(see, keep, plan, guess):
    sync_roles()
    stranger = make_user(agency=plan.agencies.get(), role="Nhập liệu")
    owner = make_agency()
    plan.agencies.add(owner)
    keep(row(1, note="Ghi chú nội bộ"))
    MOU.objects.update(agency=owner, published=False)
    seen = see(row(1, **guess), user=stranger)
    (line,) = seen.rows
    assert (line.outcome, problems(seen)) == ("rejected", [(2, "number", "not_allowed", "error")])
    assert (line.title, line.changes, line.values, line.pk) == ("", {}, {}, None)
    assert seen.problems[0].value == ""


def test_a_note_from_a_sheet_is_for_staff(client, keep, plan):
    plan.areas.update(published=True)
    keep(row(1, note="Ông Nguyễn X, ĐT 0912345678"))
    page = client.get(MOU.objects.get().get_absolute_url()).content.decode()
    assert (page.count("0912345678"), page.count(NAME) > 0) == (0, True)


@pytest.mark.parametrize("count", [12, 500])
def test_the_number_of_queries_does_not_grow_with_the_rows(see, keep, django_assert_num_queries, count):
    """Columns mapped before, provinces twice, enterprises, areas, activities, memoranda twice."""
    rows = [row(n) for n in range(count)]
    keep(*rows[: count // 2])
    with django_assert_num_queries(8):
        seen = see(*rows)
    assert outcomes(seen) == ["unchanged"] * (count // 2) + ["created"] * (count // 2)
