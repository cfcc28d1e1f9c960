"""A pytest plugin (`-p tests.private_postgres`): runs the tests on PostgreSQL.

With TEST_DATABASE_URL, or a DATABASE_URL of PostgreSQL, that server is used. Without, a private server is
started from the installed binaries, in a folder and on a socket of its own, and is removed at the end.
Where no binaries are found the run is skipped, visibly; PORTAL_REQUIRE_ALL=1 makes that a failure.

It acts when it is imported, because Django reads DATABASE_URL before any fixture runs.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest

_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def _binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest version first."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def _server_account() -> dict:
    """PostgreSQL refuses to run as root: take the account that Debian's package makes, or nobody."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return {}


def _start(binaries: Path) -> str:
    home = Path(tempfile.mkdtemp(prefix="lien-tich-pg-"))
    account = _server_account()
    if account:
        os.chown(home, account["user"], account["group"])

    def run(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=home, **account)

    data = str(home / "data")
    run(str(binaries / "initdb"), "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off -c max_connections=60"
    run(str(binaries / "pg_ctl"), "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start")

    def stop() -> None:
        subprocess.run(
            (str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop"),
            check=False,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **account,
        )
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    return f"postgres://portal@{quote(str(home), safe='')}/postgres"


def _postgresql_in_use() -> str | None:
    """DATABASE_URL where it already names a PostgreSQL; Django tests in a database of their own there."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else None


def _choose() -> None:
    if _WORKER:
        return
    url = os.environ.get("TEST_DATABASE_URL") or _postgresql_in_use()
    if not url:
        binaries = _binaries()
        if binaries is None:
            message = "PostgreSQL tests SKIPPED: no server binaries found (install the package postgresql)."
            pytest.exit(message, returncode=1 if os.environ.get("PORTAL_REQUIRE_ALL") == "1" else 0)
        url = _start(binaries)
    os.environ["DATABASE_URL"] = url


_choose()
