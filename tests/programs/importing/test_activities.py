"""Sheets of activities: the code is the key, the model's rules are told of the cell."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from cooperation.importing import batch, preview
from cooperation.importing.kinds import kind_named
from cooperation.roles import sync_roles
from programs.models import Activity
from tests.cooperation.importing.files import write
from tests.enterprises import workbooks
from tests.factories import make_activity, make_agency, make_program, make_user

pytestmark = pytest.mark.django_db

ACTIVITIES = kind_named("activity")
TOMORROW = localdate() + timedelta(days=1)


@pytest.fixture
def plan():
    sync_roles()
    return workbooks.make_world()


@pytest.fixture
def clerk(plan):
    return make_user(agency=plan.agencies.get(), role="Chuyên viên")


def row(n=1, **cells):
    return {"code": f"HD-{n:02}-TEST", "title": f"Hội nghị thử {n}", "area": 6, **cells}


@pytest.fixture
def see(plan, tmp_path):
    def seen(*rows, cells=None, user=None):
        chosen = [column for column in ACTIVITIES.columns if any(column.field in one for one in rows)]
        cells = cells or [
            [column.header for column in chosen],
            *([one.get(column.field) for column in chosen] for one in rows),
        ]
        return preview.build(write(tmp_path / "a.xlsx", cells), ACTIVITIES, plan, user=user)

    return seen


@pytest.fixture
def keep(see):
    def kept(*rows, user=None):
        seen = see(*rows, user=user)
        batch.commit(seen, batch.new_batch(seen, user), user=user)
        return seen

    return kept


def outcomes(seen):
    return [line.outcome for line in seen.rows]


def problems(seen):
    return [(problem.row, problem.field, problem.code, problem.severity) for problem in seen.problems]


def test_a_new_activity_is_stored_and_led_by_the_agency_of_the_user(keep, plan, clerk):
    cells = row(1, summary="Kết nối cung cầu", place="Tân An", weight=3, due_on="17/5/2026", note="gấp")
    seen = keep(cells, user=clerk)
    assert (outcomes(seen), problems(seen)) == (["created"], [])
    stored = Activity.objects.search("ket noi cung cau").get()
    assert (stored.code, stored.title, stored.area) == (
        cells["code"],
        cells["title"],
        plan.areas.get(number=6),
    )
    assert (stored.lead_agency, stored.weight, stored.due_on) == (plan.agencies.get(), 3, date(2026, 5, 17))
    assert stored.note == "gấp"
    assert stored.sort_key
    assert seen.rows[0].title == "HD-01-TEST: Hội nghị thử 1"


def test_importing_again_changes_nothing_and_an_empty_cell_erases_nothing(see, keep):
    keep(row(1, place="Tân An"))
    assert outcomes(see(row(1, place="Tân An"))) == ["unchanged"]
    assert outcomes(see(row(1, place=None))) == ["unchanged"]


def test_a_changed_cell_updates_by_the_code_and_old_and_new_are_shown(see, keep):
    keep(row(1, form="họp, làm việc"))
    changed = row(1, title="Hội nghị khác", form="Hội nghị, hội thảo", area=7)
    assert see(changed).rows[0].changes == {
        "title": ("Hội nghị thử 1", "Hội nghị khác"),
        "form": ("họp, làm việc", "hội nghị, hội thảo"),
        "area_id": ("6. Lĩnh vực số 6", "7. Lĩnh vực số 7"),
    }
    assert outcomes(keep(changed)) == ["updated"]
    stored = Activity.objects.get()
    assert (stored.title, stored.form, stored.area.number) == ("Hội nghị khác", "conference", 7)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("kind", "Thường xuyên", "continuous"),
        ("kind", "ĐỊNH KỲ theo mốc", "periodic"),
        ("form", "hội chợ, kết nối giao thương", "fair"),
        ("lifecycle", "Đang triển khai", "in_progress"),
        ("lifecycle", "chưa thực hiện", "planned"),
    ],
)
def test_choices_are_read_by_their_labels(see, field, typed, value):
    seen = see(row(**{field: typed}))
    assert problems(seen) == []
    assert seen.rows[0].values[field] == value


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"code": "có dấu"}, "code", "invalid_choice"),
        ({"code": None}, "code", "required"),
        ({"title": None}, "title", "required"),
        ({"area": 13}, "area", "unknown_area"),
        ({"kind": "lúc nào cũng được"}, "kind", "invalid_choice"),
        ({"weight": 0}, "weight", "invalid_number"),
        ({"weight": "nặng"}, "weight", "invalid_number"),
        ({"start_on": "2/5/2026", "due_on": "1/5/2026"}, "due_on", "date_order"),
        ({"lifecycle": "hoàn thành"}, "completed_on", "required"),
        ({"completed_on": "1/5/2020"}, "completed_on", "required"),
        ({"lifecycle": "không thực hiện"}, "cancelled_on", "required"),
        ({"cancelled_on": "1/5/2020"}, "cancelled_on", "required"),
        ({"lifecycle": "tạm dừng"}, "suspended_on", "required"),
        (
            {"lifecycle": "tạm dừng", "suspended_on": "1/5/2020", "resumed_on": "2/5/2020"},
            "suspended_on", "required",
        ),
        ({"suspended_on": "2/5/2020", "resumed_on": "1/5/2020"}, "resumed_on", "date_order"),
        ({"resumed_on": "1/5/2020"}, "resumed_on", "date_order"),
        ({"lifecycle": "hoàn thành", "completed_on": TOMORROW}, "completed_on", "invalid_date"),
        ({"lifecycle": "tạm dừng", "suspended_on": TOMORROW}, "suspended_on", "invalid_date"),
        ({"lifecycle": "hủy", "cancelled_on": TOMORROW}, "cancelled_on", "invalid_date"),
        ({"due_on": "31/02/2026"}, "due_on", "invalid_date"),
    ],
)  # fmt: skip
def test_what_the_model_asks_is_told_of_the_cell(see, cells, field, code):
    seen = see(row(**cells))
    assert (outcomes(seen), problems(seen)) == (["rejected"], [(2, field, code, "error")])


def test_what_a_row_leaves_empty_is_judged_with_what_is_stored(see, plan):
    make_activity(
        plan.areas.get(number=6), code="HD-01-TEST", lifecycle="completed", completed_on=date(2020, 5, 1)
    )
    assert problems(see(row(lifecycle="đang thực hiện"))) == [(2, "completed_on", "required", "error")]
    assert outcomes(see(row(lifecycle="đã hoàn thành"))) == ["updated"]


def test_a_date_of_a_month_stands_for_its_last_day(see):
    seen = see(row(due_on="1/5/2026", date_precision="chỉ biết tháng"))
    assert problems(seen) == []
    assert seen.rows[0].values["due_on"] == date(2026, 5, 31)


def test_the_area_of_an_activity_of_a_programme_is_not_changed(see, plan):
    area = plan.areas.get(number=7)
    make_activity(area, code="HD-01-TEST", program=make_program(area))
    assert problems(see(row())) == [(2, "area", "unknown_area", "error")]


def test_another_term_is_told_to_hold_for_the_past_as_well(see, plan):
    make_activity(
        plan.areas.get(number=6), code="HD-01-TEST", title="Hội nghị thử 1", due_on=date(2021, 12, 31)
    )
    seen = see(row(due_on=date(2023, 12, 31), start_on=date(2020, 1, 1)))
    assert outcomes(seen) == ["updated"]
    assert problems(seen) == [(2, "due_on", "date_order", "warning")]
    assert "đổi ở hồ sơ hoạt động" in seen.problems[0].message
    assert problems(see(row(due_on=date(2021, 12, 31)))) == []


def test_a_suspension_after_an_ended_one_is_written_in_the_record(see, plan):
    """The sheet has one pair of days: a second one would take the place of the first."""
    make_activity(
        plan.areas.get(number=6), code="HD-01-TEST", title="Hội nghị thử 1",
        suspended_on=date(2020, 3, 1), resumed_on=date(2020, 5, 1),
    )  # fmt: skip
    again = row(suspended_on=date(2021, 2, 1), resumed_on=date(2021, 3, 1))
    assert problems(see(again)) == [(2, "suspended_on", "date_order", "error")]
    corrected = row(suspended_on=date(2020, 4, 1), resumed_on=date(2020, 5, 1))
    assert problems(see(corrected)) == []


def test_duplicates_in_the_file(see):
    seen = see(row(), row(), row(title="Khác"))
    assert outcomes(seen) == ["created", "duplicate", "rejected"]
    assert problems(seen) == [
        (3, "code", "duplicate_in_file", "warning"),
        (4, "code", "duplicate_in_file", "error"),
    ]


def test_an_activity_of_another_agency_is_not_allowed_and_nothing_of_it_is_shown(see, plan, clerk):
    area = plan.areas.get(number=6)
    make_activity(area, code="HD-01-TEST", title="Việc của sở khác", lead_agency=make_agency())
    make_activity(area, code="HD-02-TEST", lead_agency=plan.agencies.get())
    seen = see(row(1), row(2), user=clerk)
    assert outcomes(seen) == ["rejected", "updated"]
    assert problems(seen) == [(2, "code", "not_allowed", "error")]
    refused = seen.rows[0]
    assert (refused.title, refused.changes, refused.values, refused.pk) == ("", {}, {}, None)
    assert seen.problems[0].value == ""


def test_nothing_of_another_agency_s_activity_is_told_by_its_other_problems(see, plan, clerk):
    """Whether it has ended, or belongs to a programme, is not for everybody."""
    area = plan.areas.get(number=7)
    make_activity(
        area, code="HD-01-TEST", program=make_program(area), lead_agency=make_agency(), published=False,
        lifecycle="completed", completed_on=date(2020, 5, 1),
    )  # fmt: skip
    seen = see(row(1, lifecycle="đang thực hiện"), user=clerk)
    assert problems(seen) == [(2, "code", "not_allowed", "error")]


def test_an_activity_of_another_plan_is_not_allowed(see):
    make_activity(code="HD-01-TEST")
    assert problems(see(row())) == [(2, "code", "not_allowed", "error")]


def test_who_may_not_import_activities_writes_none(see, plan):
    agency = plan.agencies.get()
    for stranger in (
        make_user(agency=agency, role="Nhập liệu"),
        make_user(agency=make_agency(), role="Chuyên viên"),
    ):
        assert problems(see(row(), user=stranger)) == [(2, "code", "not_allowed", "error")]


def test_columns_of_our_own_are_never_taken_from_a_sheet(see):
    own = ["id", "agency", "published", "lead_agency"]
    cells = [
        ["Mã", "Tên hoạt động", "Lĩnh vực", *own, "Cơ quan chủ trì"],
        ["HD-1", "Họp", 6, 1, 2, 0, 3, "Sở X"],
    ]
    seen = see(cells=cells)
    assert seen.summary()["unmapped"] == own
    assert seen.rows[0].values.keys() == {"code", "title", "area_id"}
