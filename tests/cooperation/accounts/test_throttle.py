"""Wrong passwords: five on an account, whoever sends them and however its name is spelt, then a wait."""

import threading
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cooperation.accounts.throttle import account_key, unlock
from cooperation.models import User
from tests.factories import make_user
from tests.pages import text_of

PASSWORD = "mot-mat-khau-de-thu"
WRONG = "khong-phai-mat-khau"
LIMIT = 5


@pytest.fixture
def account(db):
    return make_user("can-bo", password=PASSWORD)


@pytest.fixture
def hashed(monkeypatch):
    """Every password that reached the hasher."""
    seen = []
    real = hashers.MD5PasswordHasher.encode

    def encode(self, password, salt):
        seen.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", encode)
    return seen


def attempt(client, username="can-bo", password=WRONG, **headers):
    return client.post(reverse("admin:login"), {"username": username, "password": password}, **headers)


def signed_in(client):
    return client.get(reverse("account")).status_code == 200


def test_the_fifth_wrong_password_locks(client, account):
    assert [attempt(client).status_code for _n in range(LIMIT)] == [200] * 4 + [429]
    response = attempt(client, password=PASSWORD)
    assert response.status_code == 429
    assert not signed_in(client)
    assert "Hãy đợi 15 phút" in text_of(response)
    assert "người quản trị của đơn vị" in text_of(response)
    assert 0 < int(response["Retry-After"]) <= 900


def test_no_forwarding_header_and_no_browser_gives_further_tries(client, account, hashed):
    for n in range(20):
        attempt(
            client,
            headers={
                "X-Forwarded-For": f"10.0.0.{n}",
                "Forwarded": f"for=10.0.1.{n}",
                "X-Real-IP": f"10.0.2.{n}",
                "User-Agent": f"Trình duyệt {n}\x00",
            },
        )
        attempt(client, REMOTE_ADDR=f"10.1.0.{n}")
    assert len(hashed) == LIMIT
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) <= {
        "127.0.0.1", "10.1.0.0", "10.1.0.1", "10.1.0.2"
    }  # fmt: skip


@pytest.mark.parametrize("spelling", ["CAN-BO", "Can-Bo", "\uff43an-bo", " can-bo ", "ca\uff2e-bo"])
def test_no_spelling_gives_further_tries(client, account, hashed, spelling):
    for _n in range(LIMIT):
        attempt(client)
    assert attempt(client, spelling).status_code == 429
    assert len(hashed) == LIMIT


def test_a_name_that_is_nobodys_gets_the_same_answers(client, account):
    known = [attempt(client, "can-bo") for _n in range(LIMIT + 2)]
    unknown = [attempt(client, "khong-ai") for _n in range(LIMIT + 2)]
    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown]
    for ours, theirs in zip(known, unknown, strict=True):
        assert text_of(ours) == text_of(theirs)


@pytest.mark.parametrize("state", [{"is_active": False}, {"is_staff": False}])
def test_the_right_password_of_an_account_that_may_not_enter_tells_nothing(client, db, state):
    make_user("can-bo", password=PASSWORD, **state)
    shut = [attempt(client, password=PASSWORD) for _n in range(LIMIT + 1)]
    unknown = [attempt(client, "khong-ai") for _n in range(LIMIT + 1)]
    assert [text_of(answer) for answer in shut] == [text_of(answer) for answer in unknown]


@pytest.mark.parametrize("name", ["x" * 10_000, "a\x00b", "\u1ec7" * 400, "%s' OR 1=1 --", "\ufdfa" * 150])
def test_a_strange_name_is_refused_like_any_other(client, db, name):
    assert attempt(client, name).status_code in {200, 429}


def test_others_may_still_enter(client, account):
    make_user("dong-nghiep", password=PASSWORD)
    for _n in range(LIMIT):
        attempt(client)
    assert attempt(client, "dong-nghiep", PASSWORD).status_code == 302


def test_after_the_wait_the_right_password_enters(client, account):
    for _n in range(LIMIT):
        attempt(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert attempt(client, password=PASSWORD).status_code == 302
    assert signed_in(client)


def test_trying_while_locked_does_not_prolong_the_lock(client, account):
    for _n in range(LIMIT):
        attempt(client)
    before = AccessAttempt.objects.get().attempt_time
    attempt(client)
    assert AccessAttempt.objects.get().attempt_time == before


def test_signing_in_gives_the_tries_back(client, account):
    for _round in range(3):
        for _n in range(LIMIT - 1):
            assert attempt(client).status_code == 200
        assert attempt(client, password=PASSWORD).status_code == 302
        client.post(reverse("admin:logout"))
    assert not AccessAttempt.objects.exists()


def test_old_attempts_go(client, account):
    attempt(client, "khong-ai")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    attempt(client)
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["can-bo"]


def test_nothing_that_was_typed_is_kept(client, account):
    attempt(client, password="bi-mat-go-nham")
    row = AccessAttempt.objects.get()
    assert (row.post_data, row.get_data) == ("", "")


def test_an_administrator_unlocks(client, account):
    for _n in range(LIMIT):
        attempt(client)
    assert unlock(account)
    assert not unlock(account)
    assert attempt(client, password=PASSWORD).status_code == 302


def test_guessing_the_old_password_in_an_open_session_is_throttled_too(client, account, hashed):
    client.force_login(account)
    data = {"old_password": "sai", "new_password1": "mat-khau-moi-9", "new_password2": "mat-khau-moi-9"}
    answers = [client.post(reverse("account-password"), data).status_code for _n in range(LIMIT + 5)]
    assert answers == [200] * 4 + [429] * 6
    assert len(hashed) == LIMIT


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_than_five_are_looked_at(hashed):
    make_user("can-bo", password=PASSWORD)
    hashed.clear()
    statuses, gate = [], threading.Barrier(8)

    def guess(worker):
        client = Client()
        gate.wait()
        statuses.extend(attempt(client, password=f"sai-{worker}-{n}").status_code for n in range(10))
        connection.close()

    workers = [threading.Thread(target=guess, args=(n,)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(statuses) == 80
    assert set(statuses) <= {200, 429}
    assert 1 <= len(hashed) <= LIMIT
    assert User.objects.count() == 1


@given(st.text(max_size=200))
def test_keys_fit_and_are_stable(name):
    key = account_key(name)
    assert len(key) <= 150
    assert "\x00" not in key
    assert account_key(key) == key


@given(st.text(min_size=1, max_size=50, alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_case_and_width_are_one_key(name):
    wide = "".join(chr(ord(char) + 0xFEE0) for char in name)
    assert account_key(name) == account_key(name.upper()) == account_key(wide)
