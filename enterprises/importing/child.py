"""Run by reader.py as a program of its own: parses a hostile file and prints its cells as JSON lines.

The first line is {"sheet", "others", "first_row"}; each further line is one row of cells. Dates are
{"d": "2019-05-17"}. Imports nothing of ours: it must start fast and hold little.
"""

import csv
import datetime
import io
import json
import resource
import sys
import unicodedata

import python_calamine


def cell(value):
    if isinstance(value, datetime.datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, datetime.time | datetime.timedelta):
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
        sys.exit(3)
    names = [wanted] if wanted else visible
    chosen = None
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            chosen = chosen or (name, sheet)
    if chosen is None:
        sys.exit(4)
    name, sheet = chosen
    if sheet.end[1] - sheet.start[1] >= limits["columns"]:
        sys.exit(5)
    emit({"sheet": name, "others": [other for other in visible if other != name], "first_row": 1})
    rows = 0
    for row in sheet.iter_rows():
        rows += 1
        emit([cell(value) for value in row])
    if rows != sheet.end[0] + 1:
        sys.exit(6)


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
        sys.exit(7)
    head = decoded[:20_000].splitlines()[:30]
    delimiter = max(";,\t", key=lambda mark: sum(line.count(mark) for line in head))
    csv.field_size_limit(100_000)
    emit({"sheet": "CSV", "others": [], "first_row": 1})
    for row in csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True):
        if len(row) > limits["columns"]:
            sys.exit(5)
        emit(row)


def main() -> None:
    kind, path, wanted, limits = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.reconfigure(encoding="utf-8")
    if kind == "text":
        text(path, limits)
    else:
        workbook(path, wanted, limits)


if __name__ == "__main__":
    main()
