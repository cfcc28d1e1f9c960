"""What every test shares. The database is SQLite, or what tests/private_postgres.py started."""

import os

import pytest

from tests.matrix.counting import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With PORTAL_REQUIRE_ALL=1 a skipped test is a failed one."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("PORTAL_REQUIRE_ALL") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but PORTAL_REQUIRE_ALL=1: {report.longrepr}"
