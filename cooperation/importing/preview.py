"""Sheet → what would happen to every row. Reads the database, writes nothing, holds no lock."""

import hashlib
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from cooperation.importing import reader, table
from cooperation.importing.collector import collector_paused
from cooperation.importing.header import Finder, Header
from cooperation.importing.kinds import Kind
from cooperation.importing.rows import Outcome, Problem, Row, RowBuilder
from cooperation.models import ColumnMapping, JointPlan, Province
from cooperation.permissions import home_agency
from cooperation.text import fold


@dataclass
class Preview:
    """What `commit` would do. `notes` are problems of whole columns; no `rows` while some are `missing`."""

    kind: Kind
    plan: JointPlan
    file_name: str
    sha256: str
    sheet: reader.Sheet
    header: Header
    missing: list[str] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    builder: RowBuilder | None = None
    seconds: float = 0.0

    def counts(self) -> dict[str, int]:
        found = Counter(row.outcome for row in self.rows)
        return {str(outcome): found.get(outcome, 0) for outcome in Outcome}

    @property
    def problems(self) -> list[Problem]:
        return [*self.notes, *(problem for row in self.rows for problem in row.problems)]

    @property
    def other_tables(self) -> list[str]:
        """Other visible sheets that hold a header too, and are not read."""
        return [name for name in self.sheet.others if self.sheet.others[name]]

    @property
    def places(self) -> dict[str, int]:
        """Title of a mapped column → its index."""
        return {title: index for index, title in self.header.titles.items()}

    def summary(self) -> dict:
        """The report of the import contract, without its problems."""
        counts = self.counts()
        return {
            "file": self.file_name,
            "sheet": self.sheet.name,
            "other_sheets": self.other_tables,
            "header_row": self.header.row,
            "columns": {
                self.header.titles[index]: column.field for index, column in self.header.columns.items()
            },
            "unmapped": list(self.header.unmapped.values()),
            "rows": len(self.rows),
            "created": counts["created"],
            "updated": counts["updated"],
            "unchanged": counts["unchanged"],
            "duplicates": counts["duplicate"],
            "rejected": counts["rejected"],
            "seconds": round(self.seconds, 3),
        }

    def report(self, *, committed: bool = False, batch: int | None = None) -> dict:
        """The report of the import contract."""
        summary = self.summary()
        seconds = summary.pop("seconds")
        problems = [asdict(problem) for problem in self.problems]
        return {**summary, "committed": committed, "batch": batch, "seconds": seconds, "problems": problems}


@collector_paused()
def build(
    path: Path,
    kind: Kind,
    plan: JointPlan,
    *,
    user=None,
    file_name: str = "",
    options: dict | None = None,
    keep: Path | None = None,
) -> Preview:
    """Return the preview of a file. `user` limits what may be written; None is the machine's operator.

    `options`: sheet (its name), mapping (folded header → field), decisions (question → "same" or "new"),
    split_parties. `keep` is where the cells stay, or already stand, for the next look without the file.
    Raises reader.UnusableFileError. Where required columns are missing, `missing` says which.
    """
    began = time.monotonic()
    options = options or {}
    path = Path(path)
    finder = Finder(kind, {**remembered(kind, user), **options.get("mapping", {})}, _places())
    sheet, header, converted = _read(path, finder, options.get("sheet", ""), keep)
    seen = Preview(
        kind=kind,
        plan=plan,
        file_name=file_name or path.name,
        sha256=file_digest(path),
        sheet=sheet,
        header=header,
        missing=[column.header for column in header.missing(kind)],
    )
    seen.notes = [*table.legacy_notes(converted, header), *table.turned_dates(sheet, header)]
    body = table.data_rows(sheet, header)
    if not body:
        raise reader.UnusableFileError(
            _("Không có dòng dữ liệu nào dưới dòng tiêu đề (dòng %d).") % header.row
        )
    if len(body) > settings.PORTAL_IMPORT_MAX_ROWS:
        raise reader.UnusableFileError(reader.too_many_rows())
    if not seen.missing:
        seen.builder = kind.builder(kind, header, plan, user, options)
        seen.rows = seen.builder.build(body)
    seen.seconds = time.monotonic() - began
    return seen


def _read(path: Path, finder: Finder, name: str, keep: Path | None) -> tuple[reader.Sheet, Header, dict]:
    """The first visible sheet that holds a header, or the one named; of the others, those with a header."""
    sheet = reader.reopen(keep) if keep and keep.exists() else reader.read(path, name, keep)
    converted = table.convert_legacy(sheet)
    header = finder.find(sheet)
    others = {other: rows for other, rows in sheet.others.items() if _heads(finder, rows)}
    if header is None and others and not name:
        return _read(path, finder, next(iter(others)), keep)
    if header is None:
        raise reader.UnusableFileError(
            _(
                "Không tìm thấy dòng tiêu đề trong 30 dòng đầu: cần ít nhất các cột %(columns)s. "
                "Hãy dùng tệp mẫu."
            )
            % {"columns": ", ".join(column.header for column in finder.kind.columns if column.required)}
        )
    return reader.Sheet(sheet.name, sheet.rows, sheet.merged, others), header, converted


def _heads(finder: Finder, rows: list[list]) -> bool:
    other = reader.Sheet("", [list(row) for row in rows], (), {})
    table.convert_legacy(other)
    return finder.find(other) is not None


def remembered(kind: Kind, user) -> dict[str, str]:
    """Folded header → field, as the user's agency has mapped them before."""
    agency = home_agency(user) if user is not None else None
    rows = ColumnMapping.objects.filter(kind=kind.name, agency=agency)
    return dict(rows.values_list("header", "field"))


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _places() -> frozenset[str]:
    return frozenset(fold(name) for name in Province.objects.values_list("name", flat=True))
