"""Two provinces at one plan: each with an office, the first leads."""

import pytest
from django.urls import reverse

from cooperation.roles import sync_roles
from programs.models import Activity
from tests.factories import make_activity, make_agency, make_area, make_plan, make_province, make_user
from tests.programs.two_provinces import DONE, World


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


@pytest.fixture
def world():
    """The leading side has completed it, on 20/05/2024, and accepted that."""
    sync_roles()
    made = World()
    made.said = made.say("office_a", done=DONE, results="Đã họp 3 phiên")
    Activity.objects.filter(pk=made.activity.pk).update(lifecycle="completed", completed_on=DONE)
    made.activity.refresh_from_db()
    made.page = reverse("completion-answer", args=(made.activity.code,))
    return made


@pytest.fixture
def there(world):
    return make_user(agency=world.office_b, role="Người duyệt", full_name="Trần Bên Kia")
