"""The measuring tools of tests/benchmarks, in small: kills in the middle of a commit, mutated uploads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).resolve().parents[2]
# A tool chooses its own database; it is no worker of this test run.
_NOT_HANDED_DOWN = {"PYTEST_XDIST_WORKER", "DATABASE_URL", "TEST_DATABASE_URL", "DJANGO_SETTINGS_MODULE"}


def run(tool: str, *arguments: str) -> str:
    """Run a tool on the kind of database of this test run; it exits with 1 where a promise is broken."""
    command = [sys.executable, "-m", f"tests.benchmarks.{tool}", *arguments]
    if connection.vendor == "postgresql":
        command.append("--postgresql")
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_DOWN}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_killed_commit_is_all_or_nothing_and_its_retry_finishes():
    said = run("kill_import", "--kills", "6")
    assert said.count("0 half, 0 retries lost, 0 doubled") == (3 if connection.vendor == "postgresql" else 2)


def test_mutated_files_bring_no_failure_and_no_row_that_nobody_reported():
    assert "0 of 500 and above, 0 dead workers, 0 wrong counts" in run("fuzz_upload", "--files", "60")
