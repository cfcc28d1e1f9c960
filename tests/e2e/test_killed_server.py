"""The server is killed in the middle of admin saves: every record is old or new, never half."""

import http.client
import http.cookiejar
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.db import connection

from cooperation.models import CooperationArea
from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "mot-mat-khau-de-thu"
KILLS = 6


def database_url() -> str:
    stored = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{stored['NAME']}"
    host = urllib.parse.quote(str(stored["HOST"] or ""), safe="")
    login = ":".join(filter(None, (stored["USER"], stored["PASSWORD"])))
    port = f":{stored['PORT']}" if stored["PORT"] else ""
    return f"postgres://{login}@{host}{port}/{stored['NAME']}"


class Server:
    """gunicorn with the real settings over the test database, in a process group of its own."""

    def __init__(self, port, var_dir):
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "PORTAL_VAR_DIR": str(var_dir),
            "PORT": str(port),
        }

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "portal/gunicorn.py", "portal.wsgi"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{self.url}/admin/login/", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        pytest.fail("the server did not start")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Clerk:
    """Saves one area over and over, title and summary always with the same number."""

    def __init__(self, url, area):
        self.address = f"{url}/admin/cooperation/cooperationarea/{area.pk}/change/"
        self.login_address = f"{url}/admin/login/"
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.area = area
        self.sent = 0

    def post(self, address, **fields):
        with self.opener.open(address, timeout=20) as response:
            page = response.read().decode()
        hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|form_version)" value="([^"]+)"', page))
        data = urllib.parse.urlencode({**hidden, **fields}).encode()
        request = urllib.request.Request(address, data, {"Referer": address})
        with self.opener.open(request, timeout=20) as response:
            return response.read().decode()

    def work(self, stop):
        try:
            self.post(self.login_address, username="nguoi-sua", password=PASSWORD, next="/admin/")
            while not stop.is_set():
                self.sent += 1
                self.post(
                    self.address,
                    plan=self.area.plan_id,
                    number=self.area.number,
                    title=f"Tên {self.sent}",
                    summary=f"Nội dung {self.sent}",
                    published="on",
                )
        except (OSError, http.client.HTTPException):
            return  # the server was killed under the request: what this test is about


def test_old_or_new_never_half(tmp_path, unused_port):
    user = factories.make_user("nguoi-sua", is_superuser=True)
    user.password = make_password(PASSWORD, hasher=PBKDF2PasswordHasher())  # what the real settings know
    user.save()
    area = factories.make_area(title="Tên 0", summary="Nội dung 0")
    server = Server(unused_port, tmp_path)
    pause = random.Random(2019)
    saved = 0
    for _ in range(KILLS):
        server.start()
        stop = threading.Event()
        clerk = Clerk(server.url, area)
        thread = threading.Thread(target=clerk.work, args=(stop,))
        thread.start()
        time.sleep(2.5 + pause.random())
        server.kill()
        stop.set()
        thread.join(timeout=30)
        connection.close()
        stored = CooperationArea.objects.get(pk=area.pk)
        assert stored.title.split()[-1] == stored.summary.split()[-1]
        newest = stored.history.latest()
        assert (newest.title, newest.summary) == (stored.title, stored.summary)
        saved = max(saved, CooperationArea.history.filter(id=area.pk).count())
    assert saved > KILLS, "the clerk never saved: the test would show nothing"
