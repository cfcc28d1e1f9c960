"""Send mutated files over the web form of a real server: no failure, no dead worker, no row that nobody said.

    python -m tests.benchmarks.fuzz_upload --files 2000 [--postgresql]

Each file is one of the sample sheets (or a synthetic one) with bits flipped, pieces cut, doubled or spliced.
Whatever can be written is written, and the memoranda stored must be those that the result page reports.
Prints one line; exit 1 on any status ≥ 500, answer over 15 s, dead worker or wrong count.
"""

import argparse
import io
import json
import random
import sys
import zipfile
from collections import Counter
from pathlib import Path

from tests.benchmarks.browser import Browser
from tests.benchmarks.own_portal import PASSWORD, USERNAME, own_portal, prepare, served

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
PORT = 8399
LONGEST = 15
ADDRESS = f"http://127.0.0.1:{PORT}"


def mutated(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        if not data:
            break
        at = chance.randrange(len(data))
        span = chance.choice((1, 4, 64, 700))
        match chance.randrange(7):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at : at + span]
            case 2:
                data[at:at] = data[at : at + span] * chance.randrange(1, 4)
            case 3:
                data[at : at + span] = chance.randbytes(span)
            case 4:
                data[at : at + span] = bytes(span)
            case 5:
                data[at:] = chance.choice(others)[at:]
            case 6:
                del data[at:]
    return bytes(data)


def mutated_inside(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A sound zip with one part mutated: what stands behind the checks of the archive is reached so."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        victim = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, mutated(part, chance, others) if name == victim else part)
    return buffer.getvalue()


def originals(folder: Path) -> list[bytes]:
    from tests.enterprises import workbooks  # noqa: PLC0415 - needs Django set up

    made = workbooks.template(folder / "a.xlsx", *(workbooks.row(n) for n in range(40)))
    return [
        made.read_bytes(),
        *(path.read_bytes() for path in sorted(SAMPLES.glob("*.*")) if path.suffix != ".md"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with own_portal(PORT, postgresql=options.postgresql) as folder:
        return _run(options, folder)


def _run(options, folder: Path) -> int:
    from cooperation.models import ImportBatch  # noqa: PLC0415 - needs Django set up
    from enterprises.models import MOU  # noqa: PLC0415

    plan = prepare()
    sources = originals(folder)
    chance = random.Random(options.seed)
    with served(folder / "log"):
        browser = Browser(ADDRESS)
        browser.sign_in(USERNAME, PASSWORD)
        refused = previewed = written = wrong = 0
        upload = f"{ADDRESS}/admin/cooperation/importbatch/nhap/mou/"
        for number in range(options.files):
            source = chance.choice(sources)
            inside = source.startswith(b"PK") and chance.random() < 0.6
            content = (mutated_inside if inside else mutated)(source, chance, sources)
            name = f"a{number}.{chance.choice(('xlsx', 'xls', 'ods', 'csv'))}"
            _at, page = browser.get(upload)
            at, page = browser.post(upload, page, {"plan": plan.pk}, (name, content))
            if "/nhap/" in at:
                refused += 1
                continue
            previewed += 1
            before = MOU.objects.count()
            at, page = browser.post(f"{at}lam/", page, {"viec": "ghi", "partial": "1"})
            batch = ImportBatch.objects.filter(file_name=name).first()
            if batch is not None and batch.state == "committed":
                written += 1
                rows = dict(Counter(batch.rows.values_list("outcome", flat=True)))
                same = rows.get("created", 0) == batch.report["created"] == MOU.objects.count() - before
                wrong += not same or sum(rows.values()) != batch.report["rows"]
            else:
                wrong += MOU.objects.count() != before
    log = (folder / "log").read_text(errors="replace")
    deaths = log.count("WORKER TIMEOUT") + log.count("was sent SIG")
    failures = sum(count for status, count in browser.statuses.items() if status >= 500)
    print(
        f"{options.files} files: {refused} refused, {previewed} previewed, {written} written; "
        f"statuses {json.dumps(dict(browser.statuses))}, {failures} of 500 and above, {deaths} dead workers, "
        f"{wrong} wrong counts, slowest answer {browser.slowest:.1f} s"
    )
    return 1 if failures or deaths or wrong or browser.slowest > LONGEST else 0


if __name__ == "__main__":
    sys.exit(main())
