"""Search at any size, on SQLite and PostgreSQL: `python -m tests.benchmarks.bench_search --records 100000`.

Times are of the whole answer of /tim/ (test client: routing to rendered page), the best of five, in ms.
Exits with 1 where one is above --limit.
"""

import argparse
import subprocess
import sys
import time

from tests.benchmarks.own_portal import own_portal

# What is asked → why.
QUERIES = {
    "thuy loi": "rare words",
    "Đào tạo": "in the title of every third activity",
    "số liệu thử": "in nearly every record, never in a title",
    "thu": "the beginning of words in most records",
    "nông sản": "two kinds, titles and texts",
    "xã": "two letters",
    "thành đạt nông sản": "words of a name, not in order",
    "LON-0000777": "a code",
    "BGN-000123": "a number",
    "không có gì như vậy": "nothing",
}
ROUNDS = 5


def measure(records: int) -> list[tuple[str, float, int, str]]:
    """Return (query, best time in ms, hits counted, why)."""
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    from tests.benchmarks.many_records import many_records  # noqa: PLC0415

    setup_test_environment()
    call_command("migrate", verbosity=0)
    many_records(records)
    client, rows = Client(), []
    for query, why in QUERIES.items():
        times = []
        for _round in range(ROUNDS):
            started = time.perf_counter()
            answer = client.get("/tim/", {"tim": query})
            times.append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{query}: {answer.status_code}")
        rows.append((query, min(times), answer.context["total"], why))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--limit", type=float, default=100, help="milliseconds")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--both", action="store_true")
    asked = parser.parse_args()
    if asked.both:
        base = [sys.executable, "-m", "tests.benchmarks.bench_search", f"--records={asked.records}"]
        codes = [subprocess.call(base), subprocess.call([*base, "--postgresql"])]
        raise SystemExit(max(codes))
    with own_portal(postgresql=asked.postgresql):
        rows = measure(asked.records)
    print(f"{'PostgreSQL' if asked.postgresql else 'SQLite'}, {asked.records} records")
    for query, best, total, why in rows:
        print(f"{best:7.1f} ms  {total:5} hits  {query:24} {why}")
    if max(best for _query, best, _total, _why in rows) > asked.limit:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
