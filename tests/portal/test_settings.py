"""Production starts with everything it needs or stops with one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "DATABASE_URL": "postgres://portal@localhost/portal",
    "PORTAL_ALLOWED_HOSTS": "lientich.example",
}


def start(environment, *command):
    """Run manage.py as production does, with these settings and nothing of the tests' own."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ("check", "--deploy", "--fail-level", "WARNING"))],
        cwd=ROOT,
        env={**keep, "DJANGO_SETTINGS_MODULE": "portal.settings.prod", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_settings_pass_the_deployment_check():
    result = start(GOOD)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "ngắn"}, "SECRET_KEY"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///x"}, "PostgreSQL"),
        ({"DATABASE_URL": "máy nào đó"}, "DATABASE_URL"),
        ({"PORTAL_ALLOWED_HOSTS": ""}, "PORTAL_ALLOWED_HOSTS"),
        ({"PORTAL_ALLOWED_HOSTS": "*"}, "PORTAL_ALLOWED_HOSTS"),
    ],
)
def test_a_gap_stops_the_start_with_one_sentence(change, word):
    result = start(GOOD | change)
    assert result.returncode == 1
    assert word in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_production_has_no_demonstration():
    result = start(
        GOOD, "shell", "-c", "from django.conf import settings; print(settings.PORTAL_DEMONSTRATION)"
    )
    assert result.stdout.strip().endswith("False")


def test_a_failure_leaves_its_trace_on_standard_error():
    """The 500 page says that the fault was recorded."""
    code = (
        "import logging; logging.getLogger('django.request').error('x', exc_info=ValueError('mất kết nối'))"
    )
    result = start(GOOD, "shell", "-c", code)
    assert "ERROR django.request x" in result.stderr
    assert "ValueError: mất kết nối" in result.stderr
