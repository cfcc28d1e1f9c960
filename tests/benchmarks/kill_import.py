"""Kill a 1,000-row commit at random moments: never half a batch, a retry finishes, nothing is doubled.

    python -m tests.benchmarks.kill_import --kills 200 [--postgresql]

Three ways, in turn: the command that commits, the worker's task that commits, and on PostgreSQL the server
process of the connection (SIGKILL, after which the whole server recovers). Prints a line a way; exit 1 on
any half batch, lost retry or double.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = 1_000
COMMAND, TASK, BACKEND = "command", "task", "backend"

# Says "go" when everything is loaded, so that the moment of the kill falls into the work itself.
CHILD = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
how, target = sys.argv[1:]
connection.ensure_connection()
if connection.vendor == "postgresql":
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        print(cursor.fetchone()[0], flush=True)
else:
    print(0, flush=True)
if how == "task":
    from cooperation.importing.tasks import write_batch
    write_batch.func(int(target), False)
else:
    call_command("import_mous", target, "--plan", "chinh", "--commit", stdout=sys.stderr)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lien-tich-kill-") as folder:
        os.environ["PORTAL_VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.dev"
        os.environ.pop("DATABASE_URL", None)
        if options.postgresql:
            __import__("tests.private_postgres")
        return _run(options, Path(folder))


def _run(options, folder: Path) -> int:
    import django  # noqa: PLC0415 - the database is chosen by the lines before

    django.setup()
    from tests.benchmarks.killing import Round, prepare  # noqa: PLC0415

    workbook = prepare(folder, ROWS)
    ways = (COMMAND, TASK, BACKEND) if options.postgresql else (COMMAND, TASK)
    chance = random.Random(options.seed)
    faults = 0
    for way in ways:
        lasts = _time(Round(workbook, ROWS), way)
        kills = options.kills // len(ways)
        half = lost = doubled = killed_before = 0
        for _ in range(kills):
            one = Round(workbook, ROWS)
            with contextlib.suppress(subprocess.TimeoutExpired):
                _kill(one, way, chance.uniform(0, lasts * 1.1))
            stored = one.stored()
            half += stored not in (0, ROWS) or not one.consistent()
            killed_before += stored == 0
            lost += not one.retry()
            doubled += one.stored() != ROWS or not one.consistent()
            one.clear()
        faults += half + lost + doubled
        print(
            f"{way}: {kills} kills over {lasts:.2f} s, {killed_before} before the commit, "
            f"{half} half, {lost} retries lost, {doubled} doubled",
            flush=True,
        )
    return 1 if faults else 0


def _start(one, way: str) -> tuple[subprocess.Popen, int]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, TASK if way == TASK else COMMAND, one.target(way == TASK)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return child, int(child.stdout.readline())


def _time(one, way: str) -> float:
    child, _backend = _start(one, way)
    began = time.monotonic()
    child.wait()
    lasts = time.monotonic() - began
    assert one.stored() == ROWS, "the commit that nobody kills must finish"
    one.clear()
    return lasts


def _kill(one, way: str, after: float) -> None:
    child, backend = _start(one, way)
    time.sleep(after)
    victim = backend if way == BACKEND else child.pid
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    child.wait(timeout=60)
    child.stdout.close()
    one.reconnect()


if __name__ == "__main__":
    sys.exit(main())
