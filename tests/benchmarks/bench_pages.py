"""`make bench-pages`: what the pages need at 1,000, 10,000 and 100,000 activities, on both databases.

Every size is a process of its own on a database of its own. Read the ratios, not the milliseconds: to the
empty Django view of the same run, and to 1,000 activities.
"""

import argparse
import json
import subprocess
import sys

from tests.benchmarks.measure_pages import EMPTY, PAGES

SIZES = (1_000, 10_000, 100_000)
DATABASES = {"SQLite": (), "PostgreSQL": ("--postgresql",)}


def measured(size: int, options: tuple[str, ...]) -> dict:
    command = [sys.executable, "-m", "tests.benchmarks.measure_pages", str(size), *options]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def table(name: str, runs: dict[int, dict]) -> None:
    first = next(iter(runs.values()))["pages"]
    print(f"\n## {name}, ms (× the empty view; × the smallest plan; queries)\n")
    print("| page | " + " | ".join(f"{size:,}" for size in runs) + " |")
    print("|---|" + "---|" * len(runs))
    for page in (EMPTY, *PAGES):
        cells = []
        for run in runs.values():
            if page not in run["pages"]:
                cells.append("–")
                continue
            (spent, queries), (empty, _none) = run["pages"][page], run["pages"][EMPTY]
            times = spent / first[page][0]
            cells.append(f"{spent:.1f} ({spent / empty:.0f}×; {times:.1f}×; {queries})")
        print(f"| {page} | " + " | ".join(cells) + " |")
    for what, told in (
        ("standings rebuilt, s", lambda run: f"{run['rebuild'] / 1000:.1f}"),
        (
            "compared with the records, s",
            lambda run: f"{run['check'] / 1000:.1f}, {run['differences']} differ",
        ),
        (
            "a new day, ms (activities)",
            lambda run: f"{run['new_day']['ms']:.0f} ({run['new_day']['moved']:,})",
        ),
        ("report accepted, ms, without → with", _accepted),
    ):
        print(f"| {what} | " + " | ".join(told(run) for run in runs.values()) + " |")


def _accepted(run: dict) -> str:
    without, kept = run["accept"]["without"], run["accept"]["with"]
    return f"{without:.1f} → {kept:.1f} ({kept / without:.1f}×)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--only", choices=DATABASES)
    options = parser.parse_args()
    for name, flags in DATABASES.items():
        if options.only in (None, name):
            runs = {}
            for size in options.sizes:
                print(f"{name}: {size:,} …", file=sys.stderr)
                runs[size] = measured(size, flags)
            table(name, runs)


if __name__ == "__main__":
    main()
