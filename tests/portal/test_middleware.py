"""The policy of the admin is looser than that of the public pages, and nobody else's."""

import pytest
from django.urls import reverse

from tests.factories import make_plan, make_user

pytestmark = pytest.mark.django_db


def directives(response) -> dict[str, set[str]]:
    policy = response["Content-Security-Policy"]
    return {words[0]: set(words[1:]) for part in policy.split(";") if (words := part.split())}


def test_public_pages_run_nothing_inline(client):
    make_plan(is_main=True)
    for address in ("/", "/khong-co/", reverse("activity-list")):
        policy = directives(client.get(address))
        assert policy["default-src"] == {"'none'"}
        assert policy["script-src"] == policy["style-src"] == {"'self'"}


def test_the_admin_evaluates_but_runs_no_inline_script(client):
    client.force_login(make_user(is_superuser=True))
    for name in ("admin:index", "admin:programs_activity_add", "admin:cooperation_importbatch_changelist"):
        policy = directives(client.get(reverse(name)))
        assert policy["script-src"] == {"'self'", "'unsafe-eval'"}
        assert policy["style-src"] == {"'self'", "'unsafe-inline'"}
        assert policy["default-src"] == policy["frame-ancestors"] == {"'none'"}


def test_every_answer_names_the_policy(client):
    assert "default-src" in directives(client.get(reverse("admin:login")))
    assert "default-src" in directives(client.post("/khong-co/"))
