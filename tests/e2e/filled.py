"""A served portal with both plans in it: for tests that look at many pages."""

import pytest
from django.test import Client

from cooperation.fixture_loading import REAL_FIXTURES, load_once
from cooperation.models import Agency, JointPlan, User
from cooperation.roles import sync_roles
from programs.models import ReportingPeriod
from tests import factories
from tests.portal.test_demonstration import FIXTURE


class Filled:
    """The server's address, and cookies of whoever is signed in."""

    def __init__(self, url: str):
        self.url = url
        self._cookies: dict[str, str] = {}

    def sign_in(self, context, username: str) -> None:
        if username not in self._cookies:
            client = Client()
            backend = "cooperation.accounts.backend.StaffBackend"
            client.force_login(User.objects.get(username=username), backend)
            self._cookies[username] = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": self._cookies[username], "url": self.url}])


def fill() -> None:
    """Both plans, one sealed year, and one member of staff for each thing that staff do."""
    sync_roles()
    for name in REAL_FIXTURES:
        load_once(FIXTURE.parent / name)
    load_once(FIXTURE)
    plan = JointPlan.objects.get(slug="minh-hoa")
    factories.make_snapshot(ReportingPeriod.objects.filter(plan=plan, end_on__year=2022).first())
    agency = Agency.objects.get(slug="minh-hoa-sct-loc-an")
    for username, role in (("viet", "Chuyên viên"), ("duyet", "Người duyệt"), ("lanh-dao", "Lãnh đạo")):
        factories.make_user(username, agency=agency, role=role, full_name=f"{role} (minh họa)")
    factories.make_user("quan-tri", is_superuser=True)


@pytest.fixture
def filled(transactional_db, live_server):
    """Written for all to see, as the server runs in a thread of its own."""
    fill()
    return Filled(live_server.url)
