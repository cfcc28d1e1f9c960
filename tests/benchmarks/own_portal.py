"""A portal of one's own for a measuring tool: database, settings, server, in a folder that goes away."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
USERNAME, PASSWORD = "quan-tri", "mot-mat-khau-de-thu"


@contextmanager
def own_portal(port: int = 0, *, postgresql: bool = False) -> Iterator[Path]:
    """Choose SQLite in a temporary folder, or a private PostgreSQL, and load Django. Yields the folder."""
    with tempfile.TemporaryDirectory(prefix="lien-tich-") as folder:
        os.environ.update(
            PORTAL_VAR_DIR=folder,
            DJANGO_SETTINGS_MODULE="portal.settings.dev",
            PORT=str(port),
            WEB_CONCURRENCY="2",
        )
        os.environ.pop("DATABASE_URL", None)
        if postgresql:
            __import__("tests.private_postgres")
        import django  # noqa: PLC0415 - the database is chosen by the lines before

        django.setup()
        yield Path(folder)


def prepare():
    """Migrate, and make a plan with its areas and an administrator. Returns the plan."""
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    from tests.enterprises import workbooks  # noqa: PLC0415
    from tests.factories import make_user  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    plan = workbooks.make_world()
    make_user(USERNAME, is_superuser=True, password=PASSWORD)
    return plan


@contextmanager
def served(log: Path, *, with_worker: bool = False) -> Iterator[subprocess.Popen | None]:
    """Run gunicorn as `make run` does, and the task worker where asked. Yields the worker's process."""
    commands = [["-m", "gunicorn", "-c", "portal/gunicorn.py", "portal.wsgi"]]
    if with_worker:
        commands.append(["manage.py", "db_worker", "--no-startup-delay"])
    with log.open("wb") as errors:
        running = [
            subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
            for command in commands
        ]
        try:
            time.sleep(6)
            yield running[1] if with_worker else None
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait()
