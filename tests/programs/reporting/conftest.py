"""Two provinces at one plan: each with an office, the first leads."""

import pytest

from cooperation.roles import sync_roles
from tests.factories import make_activity, make_agency, make_area, make_plan, make_province, make_user


@pytest.fixture
def plan():
    sync_roles()
    return make_plan(is_main=True, slug="chinh")


@pytest.fixture
def office(plan):
    agency = make_agency("Sở Một", province=make_province("Một"))
    plan.agencies.add(agency)
    return agency


@pytest.fixture
def other_office(plan):
    agency = make_agency("Sở Hai", province=make_province("Hai"))
    plan.agencies.add(agency)
    return agency


@pytest.fixture
def activity(plan, office):
    return make_activity(make_area(plan, 6), lead_agency=office, code="HD-1", title="Hội chợ kết nối")


@pytest.fixture
def reporter(office):
    return make_user("bao-cao", agency=office, role="Chuyên viên")


@pytest.fixture
def approver(office):
    return make_user("duyet", agency=office, role="Người duyệt")
