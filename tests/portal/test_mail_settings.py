"""Mail: to the console until a server is named; what cannot be is said in one sentence."""

import pytest

from tests.portal.test_settings import GOOD, start

SHOW = (
    "from django.conf import settings as s; "
    "print(s.EMAIL_BACKEND.split('.')[-2], s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, "
    "s.PORTAL_BASE_URL)"
)
SERVER = {"PORTAL_EMAIL_HOST": "mail.example"}


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({}, "console  587 True False https://lientich.example"),
        (SERVER, "smtp mail.example 587 True False https://lientich.example"),
        (
            SERVER | {"PORTAL_EMAIL_SECURITY": "ssl", "PORTAL_BASE_URL": "https://hop-tac.example/"},
            "smtp mail.example 465 False True https://hop-tac.example",
        ),
        (
            SERVER | {"PORTAL_EMAIL_SECURITY": "none", "PORTAL_EMAIL_PORT": "2525"},
            "smtp mail.example 2525 False False https://lientich.example",
        ),
    ],
)
def test_where_mail_goes(environment, shown):
    result = start(GOOD | environment, "shell", "--no-imports", "-c", SHOW)
    assert (result.stdout.strip(), result.stderr) == (shown, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORTAL_EMAIL_SECURITY": "tls1"},
        {"PORTAL_EMAIL_PORT": "smtp"},
        {"PORTAL_BASE_URL": "http://lientich.example"},
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(wrong):
    result = start(GOOD | wrong)
    assert result.returncode == 1
    assert next(iter(wrong)) in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
