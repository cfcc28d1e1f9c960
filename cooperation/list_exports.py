"""A public list as a file: `?dinh_dang=csv|xlsx|ods|json`, with the filters that the address holds.

Columns bear Vietnamese headings and what a reader of the page may see, no more. A list longer than
EXPORT_LIMIT is not cut in silence: the page says so and asks for filters. (Whole tables under stable names
are the open data's.)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.export_formats import CSV, JSON, ODS, Excel
from cooperation.quick_excel import excel

EXPORT_LIMIT = 50_000
PARAMETER = "dinh_dang"
_FORMATS = {"csv": CSV, "xlsx": Excel, "ods": ODS, "json": JSON}
FORMAT_LABELS = {"csv": "CSV", "xlsx": "Excel", "ods": "ODS", "json": "JSON"}


@dataclass(frozen=True)
class Column:
    """A heading, the stored values it needs, and what is shown of them: the value itself where not said."""

    heading: str
    paths: tuple[str, ...]
    shown: Callable | None = None

    def of(self, paths: list[str]) -> Callable[[tuple], object]:
        """Return what takes the cell from the values of these paths."""
        take = itemgetter(*(paths.index(path) for path in self.paths))
        if self.shown is None:
            return take
        if len(self.paths) == 1:
            return lambda values: self.shown(take(values))
        return lambda values: self.shown(*take(values))


@dataclass(frozen=True)
class ListFile:
    """How the rows of a list are written. `name` begins the file's name."""

    name: str
    columns: tuple[Column, ...]

    @property
    def headings(self) -> list[str]:
        return [str(column.heading) for column in self.columns]

    def rows(self, found: QuerySet) -> Iterable[tuple]:
        """Yield a tuple a record, of values read in one query without building records."""
        paths = list(dict.fromkeys(path for column in self.columns for path in column.paths))
        cells = [column.of(paths) for column in self.columns]
        for values in found.values_list(*paths).iterator(chunk_size=5_000):
            yield tuple([cell(values) for cell in cells])


class _Sheet:
    """What a format asks of a table, without copying it."""

    def __init__(self, headers, rows):
        self.headers, self._rows = headers, rows

    def __iter__(self):
        return iter(self._rows)


def export_asked(request) -> str:
    """The format that is asked for, "" for none: a page."""
    return request.GET.get(PARAMETER, "")


def export_fault(asked: str, count: int) -> str:
    """Why the list cannot be had as that file, or "" where it can."""
    if asked not in _FORMATS:
        return _("Không có dạng tệp “%(name)s”. Hãy chọn một dạng ở cuối danh sách.") % {"name": asked[:20]}
    if count > EXPORT_LIMIT:
        return _(
            "Danh sách có hơn 50.000 dòng nên không tải thành một tệp được. Hãy lọc bớt rồi tải từng phần."
        )
    return ""


def exported(asked: str, file: ListFile, found) -> HttpResponse:
    """Return the rows that `file` makes of what was found as a file of that format."""
    kind = _FORMATS[asked]()
    if asked == "xlsx":
        content = excel(file.headings, file.rows(found))
    else:
        content = kind.export_data(_Sheet(file.headings, file.rows(found)))
    kind_of_text = "" if kind.is_binary() else "; charset=utf-8"
    response = HttpResponse(content, content_type=f"{kind.get_content_type()}{kind_of_text}")
    response["Content-Disposition"] = f'attachment; filename="{file.name}-{localdate():%Y%m%d}.{asked}"'
    return response


def choice(labels) -> Callable:
    """Show a stored choice by its label."""
    words = {value: str(label) for value, label in labels}
    return lambda value: words.get(value, value)
