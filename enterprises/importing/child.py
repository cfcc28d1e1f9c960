"""Run by reader.py as a program of its own: parses a hostile file and prints its cells as JSON lines.

The first line is {"sheet", "others", "first_row"}; each further line is one row of cells. Dates are
{"d": "2019-05-17"}. Imports nothing of ours: it must start fast and hold little.
"""

import csv
import datetime
import enum
import errno
import io
import json
import math
import os
import resource
import sys
import unicodedata

import python_calamine


class Refusal(enum.IntEnum):
    """Exit statuses; reader._refusal has their sentences."""

    NO_SUCH_SHEET = 3
    NO_CELLS = 4
    TOO_WIDE = 5
    TOO_LONG = 6
    TOO_MUCH = 7
    NOT_A_TABLE = 8


def cell(value):
    if isinstance(value, datetime.datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def emit(record) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False))
    sys.stdout.write("\n")


def workbook(path, wanted, limits) -> None:
    book = python_calamine.CalamineWorkbook.from_path(path)
    visible = [
        meta.name
        for meta in book.sheets_metadata
        if meta.visible == python_calamine.SheetVisibleEnum.Visible
        and meta.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    if wanted and wanted not in visible:
        sys.exit(Refusal.NO_SUCH_SHEET)
    names = [wanted] if wanted else visible
    chosen = None
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            chosen = chosen or (name, sheet)
    if chosen is None:
        sys.exit(Refusal.NO_CELLS)
    name, sheet = chosen
    if sheet.end[1] - sheet.start[1] >= limits["columns"]:
        sys.exit(Refusal.TOO_WIDE)
    if sheet.end[0] >= limits["rows"]:
        sys.exit(Refusal.TOO_LONG)
    emit({"sheet": name, "others": [other for other in visible if other != name], "first_row": 1})
    rows = 0
    for row in sheet.iter_rows():
        rows += 1
        emit([cell(value) for value in row])
    if rows != sheet.end[0] + 1:
        sys.exit(Refusal.NOT_A_TABLE)


def text(path, limits) -> None:
    with open(path, "rb") as file:
        raw = file.read()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        decoded = raw.decode("utf-16")
    else:
        try:
            decoded = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            decoded = unicodedata.normalize("NFC", raw.decode("cp1258"))
    if "\x00" in decoded:
        sys.exit(Refusal.NOT_A_TABLE)
    head = decoded[:20_000].splitlines()[:30]
    delimiter = max(";,\t", key=lambda mark: sum(line.count(mark) for line in head))
    csv.field_size_limit(100_000)
    emit({"sheet": "CSV", "others": [], "first_row": 1})
    table = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    for number, row in enumerate(table, 1):
        if number > limits["rows"]:
            sys.exit(Refusal.TOO_LONG)
        if len(row) > limits["columns"]:
            sys.exit(Refusal.TOO_WIDE)
        emit(row)


def main() -> None:
    kind, path, wanted, limits = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        if kind == "text":
            text(path, limits)
        else:
            workbook(path, wanted, limits)
        sys.stdout.flush()
    except MemoryError:
        os._exit(Refusal.TOO_MUCH)
    except OSError as fault:
        # Not sys.exit: it would try to print the rest once more.
        os._exit(Refusal.TOO_MUCH if fault.errno == errno.EFBIG else Refusal.NOT_A_TABLE)


if __name__ == "__main__":
    main()
