"""1,000 wrong passwords on one account, from many sides at once, against gunicorn with four workers.

    python -m tests.benchmarks.attack_login [--postgresql]

Every request says another origin in X-Forwarded-For and Forwarded, and another browser. Printed: how many
passwords reached the hasher (at most 10 may), the same for a name that is nobody's, whether the right
password is refused during the lock, and whether it is accepted after it. The lock is first of the portal's
own 15 minutes; for the last question the portal starts anew with a short one.
"""

import argparse
import os
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path

from tests.benchmarks.own_portal import PASSWORD, USERNAME, own_portal, prepare, served

TRIES, THREADS, MOST = 1_000, 32, 10
SHORT_LOCK_SECONDS = 6


class Door:
    """The page of signing in, as an attacker uses it: one token, no browser."""

    def __init__(self, port: int):
        self.address = f"http://127.0.0.1:{port}/admin/login/"
        with urllib.request.urlopen(self.address, timeout=30) as answer:
            page = answer.read().decode()
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        self.opener = urllib.request.build_opener(_Stay())

    def knock(self, username: str, password: str, n: int = 0) -> int:
        """The status of one try; 302 is an open door."""
        fields = {"csrfmiddlewaretoken": self.token, "username": username, "password": password}
        request = urllib.request.Request(self.address, urllib.parse.urlencode(fields).encode())
        origin = f"10.{n % 250}.{n // 250}.7"
        for name, value in {
            "Cookie": self.cookie,
            "X-Forwarded-For": origin,
            "Forwarded": f"for={origin}",
            "X-Real-IP": origin,
            "User-Agent": f"Browser/{n}",
        }.items():
            request.add_header(name, value)
        try:
            with self.opener.open(request, timeout=120) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def storm(door: Door, username: str) -> Counter:
    """All tries on one name, from THREADS threads that start together."""
    statuses, gate = Counter(), threading.Barrier(THREADS)
    lock = threading.Lock()

    def run(first):
        gate.wait()
        for n in range(first, TRIES, THREADS):
            status = door.knock(username, f"sai-mat-khau-{n}", n)
            with lock:
                statuses[status] += 1

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _say(sentence: str, good: bool) -> bool:
    print(f"{'ok' if good else 'FAILED'}: {sentence}")
    return good


def attack(folder: Path, port: int) -> bool:
    """Run all parts. True where everything held."""
    log = folder / "hashed"
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.benchmarks.counted_hashing", HASHED_LOG=str(log), WEB_CONCURRENCY="4"
    )
    held = True
    with served(folder / "server.log"):
        door = Door(port)
        for username in (USERNAME, "khong-co-ai"):
            log.write_bytes(b"")
            began = time.monotonic()
            statuses = storm(door, username)
            took, reached = time.monotonic() - began, log.stat().st_size
            held &= _say(
                f"{username}: {TRIES} wrong passwords from {THREADS} threads on 4 workers in {took:.1f} s, "
                f"{reached} reached the hasher (at most {MOST}); answers {dict(sorted(statuses.items()))}",
                1 <= reached <= MOST and set(statuses) == {200, 429} and statuses.total() == TRIES,
            )
        log.write_bytes(b"")
        status = door.knock(USERNAME, PASSWORD)
        held &= _say(
            f"the right password during the lock: {status}, unseen", status == 429 and not log.stat().st_size
        )
    os.environ["PORTAL_LOGIN_LOCK_MINUTES"] = str(SHORT_LOCK_SECONDS / 60)
    time.sleep(SHORT_LOCK_SECONDS)
    with served(folder / "server.log"):
        door = Door(port)
        again = [door.knock(USERNAME, "sai-mat-khau", n) for n in range(6)]
        locked = door.knock(USERNAME, PASSWORD)
        time.sleep(SHORT_LOCK_SECONDS + 1)
        opened = door.knock(USERNAME, PASSWORD)
    return held & _say(
        f"a lock of {SHORT_LOCK_SECONDS} s: {again}, then the right password {locked}, after it {opened}",
        (again[-1], locked, opened) == (429, 429, 302),
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgresql", action="store_true")
    port = _free_port()
    with own_portal(port, postgresql=parser.parse_args().postgresql) as folder:
        prepare()
        if not attack(folder, port):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
