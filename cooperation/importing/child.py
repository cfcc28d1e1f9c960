"""Run by reader.py as a program of its own: parses a hostile file and prints its cells as JSON lines.

Standard input is the file. The lines: {"sheet", "rows", "merged"}; the other sheets as [[name, rows], …];
the rows, some hundred a line. Dates are {"d": "2019-05-17"}. A refusal is an exit status; then the only line
is its detail, a number. Imports nothing of ours: it must start fast and hold little.
"""

import csv
import datetime
import enum
import errno
import functools
import io
import itertools
import json
import math
import os
import posixpath
import re
import resource
import signal
import sys
import unicodedata
import zipfile
import zlib
from xml.etree import ElementTree

import python_calamine

_ROWS_A_LINE, _OTHER_ROWS, _MAX_MERGED = 500, 40, 20_000
_PIECE = 1 << 18
_SHOWN = (python_calamine.SheetVisibleEnum.Visible, python_calamine.SheetTypeEnum.WorkSheet)
_ERROR_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"[^>]*>(?:<f[^>]*>(?:[^<]*</f>)?)?<v>([^<]*)</v>')
_NEWLINE = re.compile(r"\r\n|\r|\n")
_SEPARATOR_LINE = re.compile(r'"?sep=.?"?\s*$', re.IGNORECASE)
# Our export sets an apostrophe before what a spreadsheet program would take for a formula.
_GUARD = re.compile(r"'+[=+\-@\t\r]")


# Exit statuses; reader._refusal has their sentences. 1 and 2 are Python's own.
Refusal = enum.IntEnum(
    "Refusal",
    "NO_SUCH_SHEET NO_CELLS TOO_WIDE TOO_LONG TOO_MUCH UNREADABLE BROKEN PASSWORD REPEATED LOST OPEN_QUOTE "
    "NOT_TEXT BAD_JSON NESTED",
    start=3,
)


class RefusedError(Exception):
    """Its arguments: the Refusal, and the number that the sentence names."""


def _plain(value):
    """What JSON does not know; called for nothing else, so text and numbers cost no Python call."""
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()[:10]}
    return str(value)


_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"), default=_plain
).encode


def _finite(cell):
    return str(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell


class Lines:
    """What goes to standard output. Raises RefusedError where it is more than the limits."""

    def __init__(self, limits):
        self.file, self.limits = os.fdopen(1, "wb", closefd=False), limits

    def head(self, name, height, width, merged=(), others=()):
        if width > self.limits["columns"]:
            raise RefusedError(Refusal.TOO_WIDE, width)
        if height > self.limits["rows"]:
            raise RefusedError(Refusal.TOO_LONG, height)
        self.file.seek(0)
        self.file.truncate()
        self._print({"sheet": name, "rows": height, "merged": merged})
        self._print(others)

    def rows(self, rows):
        """Print the rows; return how many filled cells each has."""
        filled, total, rows = [], 0, iter(rows)
        while chunk := list(itertools.islice(rows, _ROWS_A_LINE)):
            counts = [len(row) - row.count("") for row in chunk]
            total += sum(counts)
            if total > self.limits["cells"]:
                raise RefusedError(Refusal.TOO_MUCH)
            filled += counts
            self._print(chunk)
        return filled

    def _print(self, record):
        try:
            line = _encode(record)
        except ValueError:
            line = _encode([[_finite(cell) for cell in row] for row in record])
        self.file.write(line.encode() + b"\n")


def workbook(raw, job, lines):
    kind, wanted = job["kind"], job["sheet"]
    package = zipfile.ZipFile(io.BytesIO(raw)) if kind in ("xlsx", "xlsb", "ods") else None
    declared = _declared(package) if package else {}
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    visible = [meta.name for meta in book.sheets_metadata if (meta.visible, meta.typ) == _SHOWN]
    if wanted:
        visible.sort(key=lambda name: unicodedata.normalize("NFC", name) != wanted)
        if not visible or unicodedata.normalize("NFC", visible[0]) != wanted:
            raise RefusedError(Refusal.NO_SUCH_SHEET)
    chosen, others = None, []
    for name in visible:
        try:
            sheet = book.get_sheet_by_name(name)
        except python_calamine.CalamineError:
            if chosen is None:
                raise
            continue  # what does not parse beside the chosen sheet is no reason to refuse that one
        if sheet.start is None:
            if wanted and name == visible[0]:
                break
        elif chosen is None:
            chosen = sheet
        else:
            top = itertools.islice(_rows(sheet), _OTHER_ROWS)
            others.append([name, [list(map(_finite, row[: lines.limits["columns"]])) for row in top]])
    if chosen is None:
        raise RefusedError(Refusal.NO_CELLS)
    height, width = chosen.end[0] + 1, chosen.end[1] + 1
    head = (chosen.name, height, width, _clip(chosen.merged_cell_ranges or (), height, width), others)
    lines.head(*head)
    filled = lines.rows(_rows(chosen))
    if len(filled) != height:
        raise RefusedError(Refusal.LOST, len(filled))
    part = _part_of(package, chosen.name) if kind == "xlsx" else None
    count, errors = declared.get(part, (0, {}))
    # Fewer cells came out than the XML holds: error values (calamine leaves them blank), or a real loss.
    if (missing := count - sum(filled)) > 0:
        if missing != sum(map(len, errors.values())):
            errors = _look_closer(package, part, filled)
        lines.head(*head)
        lines.rows(_mended(chosen, errors))


def _rows(sheet):
    """The rows from spreadsheet row 1 and column A on: calamine leaves out the empty columns on the left."""
    left = [""] * sheet.start[1]
    return (left + row for row in sheet.iter_rows()) if left else sheet.iter_rows()


def _mended(sheet, errors):
    """The rows with the text of error values (#N/A …) put where calamine leaves a blank."""
    for number, row in enumerate(_rows(sheet), 1):
        for column, text in errors.get(number, ()):
            if column <= len(row) and row[column - 1] == "":
                row[column - 1] = text
        yield row


def _clip(merged, height, width):
    """Ranges inside the sheet: one that claims a million rows must not cost the caller a million steps."""
    return [
        (top, left, min(bottom, height - 1), min(right, width - 1))
        for (top, left), (bottom, right) in merged[:_MAX_MERGED]
        if top < height and left < width
    ]


def _declared(package):
    """How many values each sheet declares (not the empty texts of formulas), and which of them are errors.

    Every XML part is read to its end before calamine reads any: that checks its length and its CRC.
    """
    declared = {}
    for name in package.namelist():
        if not name.lower().endswith((".xml", ".rels")):
            continue
        found, rest, errors = 0, b"", {}
        with package.open(name) as stream:
            while piece := stream.read(_PIECE):
                piece = rest + piece
                cut = piece.rfind(b"</c>") + 4 if b"</c>" in piece else len(piece)
                piece, rest = piece[:cut], piece[cut:]
                found += sum(map(piece.count, (b"<v>", b"<v ", b"<is>", b"<is "))) - piece.count(b"<v></v>")
                if b":v>" in piece:  # another prefix than Excel's own
                    found += len(re.findall(rb"<\w+:(?:v|is)[ >]", piece))
                for letters, row, text in _ERROR_CELL.findall(piece) if b't="e"' in piece else ():
                    errors.setdefault(int(row), []).append((_column(letters.decode()), text.decode()))
        declared[name] = (found, errors)
    return declared


def _xml(package, name, events):
    with package.open(name) as stream:
        # reader.py refused every DOCTYPE, and this process has little memory to lose.
        for event, element in ElementTree.iterparse(stream, events):  # noqa: S314
            yield event, element.tag.rpartition("}")[2], element


def _part_of(package, sheet):
    """The name of the part that holds a sheet, or None where the package says it in some unusual way."""
    identifier, targets = None, {}
    try:
        for _event, tag, element in _xml(package, "xl/workbook.xml", ("start",)):
            if tag == "sheet" and element.get("name") == sheet:
                identifier = next((value for key, value in element.items() if key.endswith("}id")), None)
        for _event, tag, element in _xml(package, "xl/_rels/workbook.xml.rels", ("start",)):
            if tag == "Relationship":
                targets[element.get("Id")] = element.get("Target", "")
    except (KeyError, ElementTree.ParseError):
        return None
    return posixpath.normpath(posixpath.join("/xl", targets.get(identifier, ""))).lstrip("/")


def _look_closer(package, part, filled):
    """Return the error values of a sheet, row → [(column, text)]. Raises RefusedError where cells were lost.

    They get lost where a row or a position is written twice, or where the sheet holds two tables of cells.
    An empty shared string is no loss: a row may lack as many cells as it has shared strings.
    """
    errors, rows, columns, row, column, sure = {}, set(), set(), 0, 0, 0
    for event, tag, element in _xml(package, part, ("start", "end")):
        if event == "start":
            if tag == "row":
                row, column, columns, sure = int(element.get("r", row + 1)), 0, set(), 0
                if row in rows:
                    raise RefusedError(Refusal.REPEATED, row)
                rows.add(row)
        elif tag == "c":
            column = _column(element.get("r")) if element.get("r") else column + 1
            values = [child for child in element if child.tag.endswith(("}v", "}is"))]
            if values and (text := "".join(values[0].itertext())):
                if column in columns:
                    raise RefusedError(Refusal.REPEATED, row)
                columns.add(column)
                kind = element.get("t", "n")
                sure += kind not in ("s", "e")
                if kind == "e":
                    errors.setdefault(row, []).append((column, text))
        elif tag == "row":
            element.clear()
            if sure and (row > len(filled) or filled[row - 1] < sure):
                raise RefusedError(Refusal.LOST, row)
    return errors


def _column(reference):
    """The number of the column in a position such as BC12; A is 1."""
    letters = reference.rstrip("0123456789").upper()
    return functools.reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters, 0)


def text(raw, job, lines):
    for encoding in (job["encoding"], job["fallback"]):
        try:
            decoded = raw.decode(encoding).removeprefix("\ufeff")
            break
        except UnicodeDecodeError:
            decoded = "\0"  # refused like a text that holds one
    if "\0" in decoded:
        raise RefusedError(Refusal.NOT_TEXT)
    if encoding == "cp1258":  # keeps the tones apart from their letters
        decoded = unicodedata.normalize("NFC", decoded)
    rows = _json(decoded) if job["kind"] == "json" else _csv(decoded, job["delimiter"], lines.limits["rows"])
    lines.head(job["kind"].upper(), len(rows), max(map(len, rows), default=0))
    if not any(lines.rows(rows)):
        raise RefusedError(Refusal.NO_CELLS)


def _csv(decoded, delimiter, most):
    source = io.StringIO(decoded, newline="")
    begin = len(first) if _SEPARATOR_LINE.match(first := source.readline()) else 0
    source.seek(begin)
    csv.field_size_limit(len(decoded) + 1)
    rows, table, line, skipped = [], csv.reader(source, delimiter=delimiter), 0, int(begin > 0)
    for row in table:
        # The reader takes a line at a time: where the source stands is where the record ends.
        end = source.tell()
        if table.line_num - line > 1 or end == len(decoded):
            _check_quotes(decoded[begin:end], delimiter, line + skipped + 1)
        rows.append([cell[1:] if cell[:1] == "'" and _GUARD.match(cell) else cell for cell in row])
        begin, line = end, table.line_num
        if len(rows) > most:
            raise RefusedError(Refusal.TOO_LONG, len(rows))
    return rows


def _check_quotes(record, delimiter, line):
    """Refuse the quote that never closes, or that only closes at a quote some lines down opening a field."""
    apart = re.escape(delimiter)
    tail = rf"(?=[{apart}\r\n]|\Z)" if len(_NEWLINE.findall(record)) > 1 else rf"[^{apart}\r\n]*+"
    one = re.compile(rf'"[^"]*+(?:""[^"]*+)*+"{tail}|(?!")[^{apart}\r\n]*+')
    position = 0
    while position < len(record):
        if not (field := one.match(record, position)):
            raise RefusedError(Refusal.OPEN_QUOTE, line + len(_NEWLINE.findall(record, 0, position)))
        position = field.end() + 1


def _json(decoded):
    """A list of flat objects, or {"rows": [them]}: what our own export writes. Keys become the header."""
    try:
        records = json.loads(decoded)
    except (ValueError, RecursionError) as fault:
        raise RefusedError(Refusal.BAD_JSON) from fault
    if isinstance(records, dict):
        records = records.get("rows")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise RefusedError(Refusal.NESTED)
    keys = list(dict.fromkeys(itertools.chain.from_iterable(records)))
    rows = [["" if (value := record.get(key)) is None else value for key in keys] for record in records]
    if any(isinstance(value, dict | list) for row in rows for value in row):
        raise RefusedError(Refusal.NESTED)
    return [keys, *rows] if rows else []


def main():
    job = json.loads(sys.argv[1])
    for resource_name, most in job["limits"]["process"].items():
        resource.setrlimit(getattr(resource, resource_name), (most, most))
    signal.alarm(job["limits"]["seconds"])  # ends this process also where nobody is left to end it
    status = 0
    try:
        lines = Lines(job["limits"])
        (text if job["kind"] in ("csv", "json") else workbook)(sys.stdin.buffer.read(), job, lines)
        lines.file.flush()
    except RefusedError as refused:
        status, detail = (*refused.args, 0)[:2]
        os.ftruncate(1, 0)
        os.pwrite(1, str(detail).encode(), 0)
    except MemoryError:
        status = Refusal.TOO_MUCH
    except python_calamine.PasswordError:
        status = Refusal.PASSWORD
    except UnicodeEncodeError:  # half a surrogate pair, written as an escape in a JSON file
        status = Refusal.NOT_TEXT
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, python_calamine.ZipError) as fault:
        status = Refusal.TOO_MUCH if getattr(fault, "errno", 0) == errno.EFBIG else Refusal.BROKEN
    except BaseException:  # whatever a parser may raise, the panics of Rust among it
        status = Refusal.UNREADABLE
    # Not sys.exit: it would print what is left, and free a gigabyte cell by cell.
    os._exit(status)


if __name__ == "__main__":
    main()
