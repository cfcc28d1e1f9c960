"""manage.py open_periods and seal_period."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cooperation.roles import sync_roles
from programs.models import ReportingPeriod, Snapshot
from tests.factories import make_agency, make_area, make_plan, make_user

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def plan():
    sync_roles()
    plan = make_plan(slug="thu")
    make_area(plan)
    plan.agencies.add(make_agency())
    return plan


def test_opening_twice_opens_once(plan):
    said = run("open_periods", "--plan", "thu", "--year", "2021", "--kinds", "quarter", "year")
    assert "Quý II năm 2021: 15/03/2021 – 14/06/2021" in said
    assert "Đã mở 5 kỳ; 0 kỳ đã có từ trước." in said
    assert "Đã mở 0 kỳ; 5 kỳ đã có" in run(
        "open_periods", "--plan", "thu", "--year", "2021", "--kinds", "quarter", "year"
    )
    assert ReportingPeriod.objects.count() == 5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--plan", "khac", "--year", "2021"), "Không có kế hoạch"),
        (("--plan", "thu", "--year", "2031"), "Kế hoạch chạy 2019-2025"),
        (("--plan", "thu", "--year", "99999"), "Năm phải từ 1990 đến 2100"),
    ],
)
def test_opening_says_what_is_wrong(plan, arguments, told):
    with pytest.raises(CommandError, match=told):
        run("open_periods", *arguments)


def test_sealing_by_name(plan):
    run("open_periods", "--plan", "thu", "--year", "2021", "--kinds", "year")
    make_user("nguoiduyet", agency=plan.agencies.get(), role="Người duyệt")
    make_user("nguoikhac", agency=make_agency(), role="Người duyệt")
    command = ("seal_period", "--plan", "thu", "--kind", "year", "--end", "2021-12-14", "--by")
    for arguments, told in (
        (("khongco",), "Không có tài khoản"),
        (("nguoikhac",), "không chốt được"),
        (("nguoiduyet",), "Chưa gửi báo cáo"),
    ):
        with pytest.raises(CommandError, match=told):
            run(*command, *arguments)
    with pytest.raises(CommandError, match="không có kỳ loại year đến ngày 15/12/2021"):
        run("seal_period", "--plan", "thu", "--kind", "year", "--end", "2021-12-15", "--by", "nguoiduyet")
    said = run(*command, "nguoiduyet", "--reason", "đã hết hạn")
    assert Snapshot.objects.get().sha256 in said
