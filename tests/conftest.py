"""What every test shares. The database is SQLite, or what tests/private_postgres.py started."""

import os

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings


@pytest.fixture(scope="session", autouse=True)
def translations():
    """The Vietnamese of third-party screens is compiled, not committed."""
    call_command("compile_translations", verbosity=0)
    with override_settings(LOCALE_PATHS=settings.LOCALE_PATHS):
        pass  # changing the setting makes Django forget the catalogues that it read before


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With PORTAL_REQUIRE_ALL=1 a skipped test is a failed one."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("PORTAL_REQUIRE_ALL") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but PORTAL_REQUIRE_ALL=1: {report.longrepr}"
