"""Which stored record a row speaks of: never two for one, never one for two, never a guess."""

import pytest

from cooperation.models import Province
from cooperation.roles import sync_roles
from enterprises.importing import batch, preview
from enterprises.importing.batch import ImportConflictError
from enterprises.models import MOU, Enterprise
from tests.constraints import breaks
from tests.enterprises import workbooks
from tests.enterprises.workbooks import row
from tests.factories import make_agency, make_enterprise, make_mou, make_province, make_user

pytestmark = pytest.mark.django_db

NAME = "Công ty TNHH Thử Vàm Cỏ 1"
CODES = ("0100112437", "0300588569")


@pytest.fixture
def plan():
    return workbooks.make_world()


@pytest.fixture
def see(plan, tmp_path):
    def seen(*rows, user=None):
        return preview.build(workbooks.template(tmp_path / "a.xlsx", *rows), plan, user=user)

    return seen


def problems(seen):
    return [(problem.field, problem.code, problem.severity) for problem in seen.problems]


def outcomes(seen):
    return [one.outcome for one in seen.rows]


def test_a_name_that_several_bear_is_asked_about(see, plan):
    for province in (make_province("An Giang"), make_province("Bình Dương")):
        make_enterprise(NAME, province=province)
    seen = see(row(1, party_a_province=None))
    assert problems(seen) == [("party_a", "possible_duplicate", "error")]
    assert "ghi tỉnh hoặc mã số thuế" in seen.problems[0].message
    assert outcomes(see(row(1, party_a_province="An Giang"))) == ["created"]


def test_without_a_province_a_name_is_still_once():
    make_enterprise(NAME)
    breaks("enterprise_name_once_without_province", lambda: make_enterprise(NAME.upper()))
    make_enterprise(NAME, province=make_province())


def test_the_same_file_three_times_makes_nothing_new(see):
    rows = [row(1, party_a_province=None), row(2)]
    batch.commit(see(*rows))
    before = (MOU.objects.count(), Enterprise.objects.count())
    for _ in range(2):
        seen = see(*rows)
        assert outcomes(seen) == ["unchanged", "unchanged"]
        batch.commit(seen)
    assert (MOU.objects.count(), Enterprise.objects.count()) == before


def test_two_tax_codes_are_two_enterprises(see):
    long_an = make_province("Long An mới", slug="la")
    stored = make_enterprise(NAME, province=long_an)
    rows = [
        row(n, party_a=NAME, party_a_province="Long An mới", party_a_tax_code=code)
        for n, code in enumerate(CODES)
    ]
    seen = see(*rows)
    assert ("party_a_tax_code", "possible_duplicate", "warning") in problems(seen)
    first, second = (one.mou.party_a for one in seen.rows)
    assert (first, second.pk, second.tax_code) == (stored, None, CODES[1])


def test_a_number_made_of_a_dash_is_no_number(see):
    seen = see(row(1, number="-"), row(2, number="–"), row(3, number="…"))
    assert outcomes(seen) == ["created"] * 3
    assert {one.mou.number for one in seen.rows} == {""}


def test_a_guessed_value_is_not_confirmed_to_another_agency(see, plan):
    sync_roles()
    stranger = make_user(agency=plan.agencies.get(), role="Nhập liệu")
    owner = make_agency()
    plan.agencies.add(owner)
    batch.commit(see(row(1)))
    MOU.objects.update(agency=owner, published=False)
    for guess in (1_200_000_000, 3_000_000_000):
        seen = see(row(1, value=guess), user=stranger)
        assert (outcomes(seen), problems(seen)) == (["rejected"], [("number", "not_allowed", "error")])


@pytest.mark.parametrize("known", [False, True])
def test_two_previews_of_one_new_memorandum_are_stored_once(see, known):
    """Whether the enterprises are new as well, or stored already."""
    if known:
        make_enterprise(NAME, province=Province.objects.get(slug="long-an"))
        old = Province.objects.get(slug="tay-ninh-truoc-2025")
        make_enterprise("Hợp tác xã Thử Bà Đen 1", province=old)
    numbered, bare = see(row(1)), see(row(1, number=None))
    batch.commit(numbered)
    with pytest.raises(ImportConflictError, match="được người khác"):
        batch.commit(bare)
    assert MOU.objects.count() == 1
    assert outcomes(see(row(1, number=None))) == ["unchanged"]


def test_a_corporation_does_not_end_the_table(see):
    cells = workbooks.table([row(1), row(2, party_a="Tổng công ty Lương thực"), row(3)])
    assert len(see(row(1), row(2, number="Tổng công ty 2"), row(3)).rows) == 3
    assert len(cells) == 4


def test_a_note_from_a_sheet_is_for_staff(client, see, plan):
    plan.areas.update(published=True)
    batch.commit(see(row(1, note="Ông Nguyễn X, ĐT 0912345678")))
    assert "0912345678" not in client.get(MOU.objects.get().get_absolute_url()).content.decode()


def test_a_stored_memorandum_keeps_its_party_without_a_province(see, plan):
    mou = make_mou(plan.areas.get(number=6), party_a=make_enterprise(NAME), number="01/BGN-2019")
    seen = see(row(1, party_a_province=None))
    assert seen.rows[0].mou.pk == mou.pk
