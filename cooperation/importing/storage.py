"""Where an upload waits between preview and commit: the file, its cells, what would become of each row.

Personal data lies here: the folder goes with the commit, and after a day without one.
"""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation.importing.preview import Preview
from cooperation.importing.rows import Row
from cooperation.models import ImportBatch

KEPT_SECONDS = 24 * 3600


class Waiting:
    """The folder of one batch that is not written yet."""

    def __init__(self, batch: ImportBatch):
        self.folder = _root() / str(batch.uuid)
        self.file = self.folder / "file"
        self.cells = self.folder / "cells"
        self._rows = self.folder / "rows"
        self._progress = self.folder / "progress"

    def exists(self) -> bool:
        return self.file.exists() and not _is_old(self.folder)

    def receive(self, chunks) -> None:
        """Keep the upload."""
        self.folder.mkdir(parents=True)
        with self.file.open("xb") as target:
            for chunk in chunks:
                target.write(chunk)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def forget_cells(self) -> None:
        """Read the file anew the next time: another sheet of it is wanted."""
        self.cells.unlink(missing_ok=True)

    def keep(self, seen: Preview) -> None:
        """Keep what the preview says of every row, one line each."""
        fresh = self._rows.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as target:
            for row in seen.rows:
                target.write(json.dumps(_line(row), ensure_ascii=False, separators=(",", ":")))
                target.write("\n")
        fresh.replace(self._rows)

    def rows(self) -> Iterator[dict]:
        with self._rows.open(encoding="utf-8") as source:
            yield from map(json.loads, source)

    def page(self, outcome: str, number: int, size: int) -> list[dict]:
        """The rows of one page of one class ("" is all); only those lines are parsed."""
        mark = f'{{"outcome":"{outcome}"' if outcome else "{"
        start, found, seen = (number - 1) * size, [], 0
        with self._rows.open(encoding="utf-8") as source:
            for line in source:
                if line.startswith(mark):
                    if seen >= start:
                        found.append(json.loads(line))
                        if len(found) == size:
                            break
                    seen += 1
        return found

    def digests(self) -> dict[int, str]:
        """Row number → digest, as the clerk was shown it."""
        return {row["number"]: row["digest"] for row in self.rows()}

    def set_progress(self, percent: int) -> None:
        self._progress.write_text(str(percent), encoding="ascii")

    def progress(self) -> int:
        try:
            return int(self._progress.read_text(encoding="ascii") or 0)
        except (OSError, ValueError):
            return 0


def _line(row: Row) -> dict:
    return {
        "outcome": str(row.outcome),
        "number": row.number,
        "title": row.title,
        "changes": row.changes,
        "problems": [asdict(problem) for problem in row.problems],
        "digest": row.digest,
    }


def _root() -> Path:
    root = Path(settings.MEDIA_ROOT) / "imports"
    root.mkdir(parents=True, exist_ok=True)
    return root


def _is_old(folder: Path) -> bool:
    return folder.stat().st_mtime < time.time() - KEPT_SECONDS


def clear_out() -> None:
    """Remove what nobody committed within a day; its batch says so."""
    for folder in _root().iterdir():
        if _is_old(folder):
            shutil.rmtree(folder, ignore_errors=True)
    late = timezone.now() - timedelta(seconds=KEPT_SECONDS)
    ImportBatch.objects.filter(state__in=ImportBatch.OPEN, created_at__lt=late).update(
        state=ImportBatch.State.FAILED,
        message=_("Sau một ngày chưa ghi, tệp không còn được giữ: hãy tải lên lại."),
    )
