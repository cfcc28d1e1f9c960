"""50,000 rows pass in the background while the home page keeps answering.

    python -m tests.benchmarks.large_import [--rows 50000] [--postgresql]

A real server with two workers and one task worker. Prints how long reading and writing took, the home page's
median and 95th percentile before, while reading and while writing, and the peak memory of the task worker
with its child. Exit 1 where a row is missing or the home page failed.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

from tests.benchmarks.browser import Browser
from tests.benchmarks.own_portal import PASSWORD, USERNAME, own_portal, prepare, served

PORT = 8398
ADDRESS = f"http://127.0.0.1:{PORT}"
PATIENCE = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with own_portal(PORT, postgresql=options.postgresql) as folder:
        return _run(options, folder)


def _run(options, folder: Path) -> int:
    from enterprises.models import MOU  # noqa: PLC0415 - needs Django set up
    from tests.enterprises import workbooks  # noqa: PLC0415

    plan = prepare()
    rows = (
        workbooks.row(n, party_a=f"Công ty Thử {n % 3000}", party_b=f"HTX Thử {n * 7 % 3001}")
        for n in range(options.rows)
    )
    content = workbooks.template(folder / "large.xlsx", *rows).read_bytes()
    with served(folder / "log", with_worker=True) as worker:
        clerk, reader = Browser(ADDRESS), Browser(ADDRESS)
        clerk.sign_in(USERNAME, PASSWORD)
        before = [_home(reader) for _ in range(200)]
        upload = f"{ADDRESS}/admin/cooperation/importbatch/nhap/mou/"
        _at, page = clerk.get(upload)
        batch, page = clerk.post(upload, page, {"plan": plan.pk}, ("large.xlsx", content))
        reading, page = _wait(clerk, reader, batch, "Ghi ")
        clerk.post(f"{batch}lam/", page, {"viec": "ghi"})
        writing, page = _wait(clerk, reader, batch, "Đã ghi tệp")
        memory = _peak(worker.pid)
    stored = MOU.objects.count()
    print(f"{options.rows} rows, {stored} stored; statuses of the home page {dict(reader.statuses)}")
    print(f"task worker: peak {memory:.0f} MiB (its reading child is limited apart)")
    for name, times in (("before", before), ("while reading", reading), ("while writing", writing)):
        middle, late = (round(1000 * value) for value in (statistics.median(times), _p95(times)))
        print(f"{name}: {sum(times):.1f} s, {len(times)} answers, p50 {middle} ms, p95 {late} ms")
    return 0 if stored == options.rows and set(reader.statuses) == {200} else 1


def _home(reader: Browser) -> float:
    began = time.monotonic()
    reader.get(f"{ADDRESS}/")
    return time.monotonic() - began


def _wait(clerk: Browser, reader: Browser, batch: str, sign: str) -> tuple[list[float], str]:
    """Ask for the home page all the time, for the batch every two seconds, until its page bears the sign."""
    times, began, asked = [], time.monotonic(), 0.0
    while time.monotonic() - began < PATIENCE:
        times.append(_home(reader))
        if time.monotonic() - asked > 2:
            asked = time.monotonic()
            _at, page = clerk.get(batch)
            if sign in page:
                return times, page
    raise SystemExit(f"the batch never came to “{sign}”")


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _peak(pid: int) -> float:
    """MiB that the process ever held."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
