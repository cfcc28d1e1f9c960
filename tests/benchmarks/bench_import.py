"""`make bench-import`: our import beside stock django-import-export and a hand-made floor, on both databases.

Every run is a process of its own on a fresh copy of one starting database. Read the ratios, not the seconds.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from statistics import median

import django
import psycopg2
from django.utils.module_loading import import_string

ROUNDS = 3
QUICK_ROWS = 1_000


class Sqlite:
    name = "SQLite"

    def __init__(self, folder: Path):
        self.folder = folder
        self.start = f"sqlite:///{folder / 'start.sqlite3'}"

    def fresh(self) -> str:
        for end in ("", "-wal", "-shm"):
            (self.folder / f"run.sqlite3{end}").unlink(missing_ok=True)
        shutil.copyfile(self.folder / "start.sqlite3", self.folder / "run.sqlite3")
        return f"sqlite:///{self.folder / 'run.sqlite3'}"


class Postgresql:
    name = "PostgreSQL"

    def __init__(self, folder: Path):
        import_module("tests.private_postgres")  # starts the server
        self.server, self.database = os.environ["DATABASE_URL"].rsplit("/", 1)
        self._run("DROP DATABASE IF EXISTS bench_start", "CREATE DATABASE bench_start")
        self.start = f"{self.server}/bench_start"

    def fresh(self) -> str:
        self._run(
            "DROP DATABASE IF EXISTS bench_run",
            "CREATE DATABASE bench_run TEMPLATE bench_start",
            "CHECKPOINT",
        )
        return f"{self.server}/bench_run"

    def _run(self, *statements: str) -> None:
        connection = psycopg2.connect(f"{self.server}/{self.database}")
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()


def in_child(url: str, folder: Path, task: str, *args) -> str:
    """What the task printed, run with Django set up on that database."""
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "PORTAL_VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
    }
    command = [sys.executable, "-m", "tests.benchmarks.bench_import", "--task", json.dumps([task, *args])]
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def run_task(task: str, *args) -> None:
    django.setup()
    result = import_string(f"tests.benchmarks.{task}")(*args)
    if result is not None:
        print(json.dumps(result))


def bench(database: Sqlite | Postgresql, folder: Path, rows: int, *, with_stock: bool) -> None:
    in_child(database.start, folder, "import_workbooks.prepare", str(folder), rows)

    def measure(variant: str, name: str = "whole") -> dict:
        print(f"{database.name}: {variant}, {name} …", file=sys.stderr)
        url = database.fresh()
        return json.loads(in_child(url, folder, "measure_import.measure", variant, str(folder), name))

    rounds = {"stock": [measure("stock")] if with_stock else [], "floor": [], "our": []}
    for _round in range(ROUNDS):
        for variant in ("floor", "our"):
            rounds[variant].append(measure(variant))
    tenth = measure("our", "tenth")
    print(f"\n## {database.name}, {rows:,} rows\n")
    print(
        "| variant | check s (CPU) | commit s (CPU) | wrong rows | written | queries | peak MiB | child MiB |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for variant, runs in rounds.items():
        if not runs:
            continue
        last = runs[-1]
        print(
            f"| {variant} | {_middle(runs, 'check'):.2f} ({_middle(runs, 'check_cpu'):.2f}) "
            f"| {_middle(runs, 'commit'):.2f} ({_middle(runs, 'commit_cpu'):.2f}) | {last['wrong']:,} "
            f"| {last['written']:,} | {last['queries']:,} | {_middle(runs, 'memory'):.0f} (bare "
            f"{_middle(runs, 'bare'):.0f}) | {last['child_memory']:.0f} |"
        )
    ours = rounds["our"]
    print("\n| | stock ÷ ours | ours ÷ floor, median (range) |\n|---|---|---|")
    for unit, end in (("seconds", ""), ("CPU", "_cpu")):
        for parts in (("check", "commit"), ("check",), ("commit",)):
            stock, floor, own = (
                [sum(run[part + end] for part in parts) for run in runs] for runs in rounds.values()
            )
            beside = [mine / theirs for mine, theirs in zip(own, floor, strict=True)]
            faster = f"{stock[0] / median(own):.1f}" if stock else "–"
            print(
                f"| {' + '.join(parts)}, {unit} | {faster} "
                f"| {median(beside):.2f} ({min(beside):.2f}–{max(beside):.2f}) |"
            )
    print(f"\nqueries of ours: {tenth['queries']} at {rows // 10:,} rows, {ours[-1]['queries']} at {rows:,}")
    for variant in ("floor", "stock") if with_stock else ("floor",):
        same = {run["stored"] for run in ours} == {run["stored"] for run in rounds[variant]}
        print(f"\nours stores what {variant} does: {'yes' if same else 'NO'}")


def _middle(runs: list[dict], key: str) -> float:
    return median(run[key] for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROWS} rows for all variants")
    parser.add_argument("--only", choices=("SQLite", "PostgreSQL"))
    parser.add_argument("--without-stock", action="store_true", help="ours and the floor: a minute, not ten")
    parser.add_argument("--profile", action="store_true", help="only where our own import spends its time")
    parser.add_argument("--task", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        run_task(*options.task)
        return
    rows = QUICK_ROWS if options.quick else options.rows
    for kind in (Sqlite, Postgresql):
        if options.only in (None, kind.name):
            with tempfile.TemporaryDirectory(prefix="bench-import-") as name:
                folder = Path(name)
                database = kind(folder)
                if options.profile:
                    in_child(database.start, folder, "import_workbooks.prepare", name, rows)
                    print(in_child(database.fresh(), folder, "measure_import.profile", name, "whole"))
                else:
                    bench(database, folder, rows, with_stock=not options.without_stock)


if __name__ == "__main__":
    main()
