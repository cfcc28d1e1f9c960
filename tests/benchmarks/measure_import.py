"""One variant of `make bench-import`, in a process of its own: seconds, memory, statements, stored rows."""

import cProfile
import hashlib
import os
import pstats
import resource
import time
from collections import Counter
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.module_loading import import_string

from cooperation.importing import batch
from cooperation.importing.kinds import kind_named
from enterprises.models import MOU, Enterprise
from tests.benchmarks import our_import


def measure(variant: str, folder: str, name: str) -> dict:
    """Check the wrong workbook, then store the right one."""
    check = import_string(f"tests.benchmarks.{variant}_import.check")
    commit = import_string(f"tests.benchmarks.{variant}_import.commit")
    kind_named("mou")
    connection.ensure_connection()
    bare = _mebibytes(resource.RUSAGE_SELF)
    statements = Counter()
    _count_copies(statements)
    with connection.execute_wrapper(lambda run, *args: (statements.update(["all"]), run(*args))[1]):
        began, spent = time.perf_counter(), _processor_seconds()
        wrong = check(Path(folder, f"{name}-wrong.xlsx"))
        checked, spent_checking = time.perf_counter(), _processor_seconds()
        written = commit(Path(folder, f"{name}-right.xlsx"))
        ended, spent_all = time.perf_counter(), _processor_seconds()
    return {
        "check": checked - began,
        "commit": ended - checked,
        "check_cpu": spent_checking - spent,
        "commit_cpu": spent_all - spent_checking,
        "wrong": wrong,
        "written": written,
        "queries": statements["all"],
        "bare": bare,
        "memory": _mebibytes(resource.RUSAGE_SELF),
        "child_memory": _mebibytes(resource.RUSAGE_CHILDREN),
        "stored": _checksum(),
    }


def profile(folder: str, name: str) -> None:
    """Print where our own import spends its time: preview.build, then batch.commit."""
    path = Path(folder, f"{name}-right.xlsx")
    kind_named("mou")
    connection.ensure_connection()
    seen = our_import.build(path)
    for title, work in (
        ("preview.build", lambda: our_import.build(path)),
        ("batch.commit", lambda: batch.commit(seen, batch.new_batch(seen, None))),
    ):
        profiler = cProfile.Profile()
        profiler.runcall(work)
        print(f"\n{connection.vendor}: {title}")
        pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(25)


def _count_copies(statements: Counter) -> None:
    """COPY goes past Django's wrappers."""

    def copy_expert(self, *args, **kwargs):
        statements.update(["all"])
        return self.cursor.copy_expert(*args, **kwargs)

    CursorWrapper.copy_expert = copy_expert


def _processor_seconds() -> float:
    """Of this process, its ended children and its own process of a local PostgreSQL."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    server = 0.0
    if connection.vendor == "postgresql":
        process = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
        if process.exists():
            ticks = process.read_text().rpartition(")")[2].split()[11:13]
            server = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return server + sum(one.ru_utime + one.ru_stime for one in used)


def _mebibytes(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def _checksum() -> str:
    """Every column of every memorandum and enterprise; enterprises by name, because keys may differ."""
    names = dict(Enterprise.objects.values_list("pk", "name"))
    digest = hashlib.sha256()
    for stored in MOU.objects.order_by("number").values():
        del stored["id"]
        pair = {str(stored[side]): names[stored[side]] for side in ("party_a_id", "party_b_id")}
        stored["party_a_id"], stored["party_b_id"] = pair.values()
        first, second, rest = stored["identity_key"].split(":", 2)
        stored["identity_key"] = (*sorted((pair[first], pair[second])), rest)
        digest.update(repr(sorted(stored.items())).encode())
    for stored in Enterprise.objects.order_by("name").values():
        del stored["id"]
        digest.update(repr(sorted(stored.items())).encode())
    return digest.hexdigest()[:12]
