"""Sheet → what would happen to every row. Reads the database, writes nothing, holds no lock."""

import hashlib
import json
import re
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from cooperation.models import JointPlan
from cooperation.text import fold
from enterprises.importing import header as headers
from enterprises.importing import reader
from enterprises.importing.columns import BY_FIELD, EXAMPLE_MARK
from enterprises.importing.identity import Directory
from enterprises.importing.rows import Outcome, Problem, Row, RowBuilder
from enterprises.importing.values import shown
from enterprises.models import MOU

_END_OF_DATA = re.compile(r"(?:tong cong(?! ty\b)|noi nhan|nguoi lap|ghi chu)\b")
# Below the end of the table only a row that is nearly whole is data; a signature fills one or two cells.
_WHOLE = 3


@dataclass
class Preview:
    """What `commit` would do. `fingerprint` changes when anything that it would write changes.

    `nonce` tells this preview from a later one of the same file: only the same preview is written once.
    """

    plan: JointPlan
    nonce: str
    file_name: str
    sha256: str
    sheet: reader.Sheet
    header: headers.Header
    rows: list[Row]
    seconds: float

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rows for problem in row.problems]

    @property
    def fingerprint(self) -> str:
        content = [[row.number, row.outcome, row.changes] for row in self.rows]
        return hashlib.sha256(json.dumps([self.sha256, self.plan.pk, content]).encode()).hexdigest()

    @property
    def key(self) -> str:
        return batch_key(self.nonce, self.fingerprint)

    def report(self, *, committed: bool = False, batch: int | None = None) -> dict:
        """The report of the import contract."""
        return {
            "file": self.file_name,
            "sheet": self.sheet.name,
            "header_row": self.header.row,
            "columns": {
                self.header.titles[index]: column.field for index, column in self.header.columns.items()
            },
            "unmapped": list(self.header.unmapped),
            "rows": len(self.rows),
            "created": self.count(Outcome.CREATED),
            "updated": self.count(Outcome.UPDATED),
            "unchanged": self.count(Outcome.UNCHANGED),
            "duplicates": self.count(Outcome.DUPLICATE),
            "rejected": self.count(Outcome.REJECTED),
            "committed": committed,
            "batch": batch,
            "seconds": round(self.seconds, 3),
            "problems": [asdict(problem) for problem in self.problems],
        }


def batch_key(nonce: str, fingerprint: str) -> str:
    return hashlib.sha256(f"{nonce}:{fingerprint}".encode()).hexdigest()


def build(
    path: Path, plan: JointPlan, *, user=None, sheet: str = "", file_name: str = "", nonce: str = ""
) -> Preview:
    """Return the preview of a file. `user` limits what may be written; None is the machine's operator.

    Raises UnusableFileError.
    """
    began = time.monotonic()
    path = Path(path)
    content = reader.read(path, sheet)
    header = headers.find(content)
    body = _data_rows(content, header)
    if not body:
        raise reader.UnusableFileError(
            _("Không có dòng dữ liệu nào dưới dòng tiêu đề (dòng %d).") % header.row
        )
    if len(body) > settings.PORTAL_IMPORT_MAX_ROWS:
        raise reader.UnusableFileError(reader.too_many_rows())
    builder = RowBuilder(header, Directory(plan, user))
    rows = [builder.build(number, cells) for number, cells in body]
    return Preview(
        plan=plan,
        nonce=nonce or secrets.token_hex(16),
        file_name=file_name or path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        sheet=content,
        header=header,
        rows=rows,
        seconds=time.monotonic() - began,
    )


def _data_rows(sheet: reader.Sheet, header: headers.Header) -> list[tuple[int, list]]:
    """Rows below the header that hold a required cell, or two cells of known columns.

    The row that numbers the columns (1, 2, 3 …), the template's example, and totals, notes and signatures
    below are not data.
    """
    required = {index for index, column in header.columns.items() if column.required}
    rows, ended = [], False
    start = header.row - sheet.first_row + 1
    for number, cells in enumerate(sheet.rows[start:], header.row + 1):
        words = [fold(shown(cell)) for cell in cells]
        filled = {index for index, word in enumerate(words) if word}
        if not filled:
            continue
        ended = ended or bool(_END_OF_DATA.match(words[min(filled)]))
        if any(EXAMPLE_MARK in word for word in words):
            is_data = False
        elif ended:
            is_data = len(filled & required) >= _WHOLE
        elif number == header.row + 1 and _numbers_the_columns([words[index] for index in sorted(filled)]):
            is_data = False
        else:
            is_data = bool(filled & required) or len(filled & header.columns.keys()) > 1
        if is_data:
            rows.append((number, cells))
    return rows


def _numbers_the_columns(words: list[str]) -> bool:
    return len(words) >= _WHOLE and words == [str(number) for number in range(1, len(words) + 1)]


def label(field_name: str) -> str:
    """The canonical header of a field, for old → new."""
    return (
        BY_FIELD[field_name].header
        if field_name in BY_FIELD
        else str(MOU._meta.get_field(field_name).verbose_name)
    )


def readable(field_name: str, text: str) -> str:
    """A stored value (`rows.as_text`) as the clerk reads it: labels, dd/mm/yyyy, dots in amounts."""
    column = MOU._meta.get_field(field_name)
    if text and isinstance(column, models.DateField):
        return shown(date.fromisoformat(text))
    if text and isinstance(column, models.DecimalField):
        return f"{Decimal(text):,f}".translate(str.maketrans(",.", ".,"))
    return str(dict(column.flatchoices).get(text, text))
