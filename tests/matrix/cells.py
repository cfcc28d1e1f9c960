"""How a cell is asked and counted: one request, compared with what cooperation.permissions declares."""

import re
from contextlib import contextmanager

from django.db import transaction
from django.test import Client

from tests.matrix.world import ANYBODY, World

MISSING_KEY = 987654321
MISSING_UUID = "00000000-0000-4000-8000-000000000000"

OK, LOGIN, FORBIDDEN, MISSING = "được", "đăng nhập", "403", "404"
KEPT = "vừa bị xóa"  # what was typed stays on the page, for whoever could restore the record


class _UndoneError(Exception):
    pass


@contextmanager
def undone():
    """What is written inside is taken back."""
    try:
        with transaction.atomic():
            yield
            raise _UndoneError
    except _UndoneError:
        pass


class Cells:
    """The cells of one test: each asked once, the wrong ones named at the end."""

    def __init__(self):
        self.count = 0
        self.wrong: list[str] = []

    def check(self, right: bool, *where, got="") -> None:
        self.count += 1
        if not right:
            self.wrong.append(" · ".join(map(str, where)) + (f" → {got}" if got != "" else ""))


class Visitors:
    """A signed-in client of each of the cast. What one answer sets, a message or a new session, is forgotten
    before the next: its write is taken back as well."""

    def __init__(self, world: World):
        self._clients = {role: Client() for role in (ANYBODY, *world.users)}
        for role, user in world.users.items():
            self._clients[role].force_login(user)
        self._cookies = {role: dict(client.cookies) for role, client in self._clients.items()}

    def get(self, role: str, address: str, data=None):
        return self._fresh(role).get(address, data)

    def post(self, role: str, address: str, data=None):
        return self._fresh(role).post(address, data or {})

    def _fresh(self, role):
        client = self._clients[role]
        client.cookies.clear()
        client.cookies.update(self._cookies[role])
        return client


def verdict(response) -> str:
    """What the answer says, whatever it looks like. A form that comes too late keeps its text: its page
    leads to the sign-in, or to the list that the record is no longer in."""
    if response.status_code == 403 and response.context and "gate" in response.context:
        return LOGIN if "/admin/login/" in response.context["gate"] else KEPT
    if response.status_code == 302 and re.search(r"/admin/login/|/tai-khoan/dang-nhap", response.url):
        return LOGIN
    if response.status_code in (403, 404):
        return str(response.status_code)
    return OK if response.status_code in (200, 302) else f"?{response.status_code}"


_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def words_of(response, *keys) -> tuple:
    """Status and text of an answer without the keys that were asked for, to be compared with another."""
    body = _TOKEN.sub("", response.content.decode())
    for key in keys:
        body = re.sub(rf"(?<![\w-]){re.escape(str(key))}(?![\w-])", "KEY", body)
    return response.status_code, response.headers.get("Location", ""), body


def same_answer(response, missing, *keys) -> bool:
    """True where a record's answer is the one of a key that does not exist."""
    first, second = words_of(response, *keys), words_of(missing, *keys)
    return first == second
