"""One round of kill_import: a batch to commit, what is stored of it, a retry, and a clean table."""

import time
from pathlib import Path

from django.core.files import File
from django.core.management import call_command
from django.db import Error, connection, connections

from cooperation.importing import preview, tasks, work
from cooperation.importing.kinds import kind_named
from cooperation.importing.storage import Waiting
from cooperation.models import ImportBatch, ImportRow, JointPlan, User
from enterprises.models import MOU, Enterprise
from tests.enterprises import workbooks
from tests.factories import make_user


def prepare(folder: Path, rows: int) -> Path:
    """An empty database with one plan, and a workbook of synthetic memoranda."""
    call_command("migrate", verbosity=0)
    workbooks.make_world()
    make_user("quan-tri", is_superuser=True)
    return workbooks.template(folder / "a.xlsx", *(workbooks.row(n) for n in range(rows)))


class Round:
    def __init__(self, workbook: Path, rows: int):
        self.workbook = workbook
        self.rows = rows
        self.batch: ImportBatch | None = None

    def target(self, as_task: bool) -> str:
        """What the child is told: the file, or the batch that waits to be written."""
        if not as_task:
            return str(self.workbook)
        plan = JointPlan.objects.get(slug="chinh")
        self.batch = ImportBatch.objects.create(
            kind="mou",
            plan=plan,
            file_name="a.xlsx",
            sha256=preview.file_digest(self.workbook),
            user=User.objects.get(username="quan-tri"),
        )
        with self.workbook.open("rb") as file:
            Waiting(self.batch).receive(File(file).chunks())
        work.read(self.batch)
        ImportBatch.objects.filter(pk=self.batch.pk).update(state=ImportBatch.State.WRITING)
        return str(self.batch.pk)

    def stored(self) -> int:
        return MOU.objects.count()

    def consistent(self) -> bool:
        """Memoranda, their history, the rows of batches and the enterprises tell of the same commit."""
        count = MOU.objects.count()
        return (
            MOU.history.count() == count
            and ImportRow.objects.count() == count
            and Enterprise.objects.count() == Enterprise.history.count() == 2 * count
            and ImportBatch.objects.filter(state="committed").count() == (1 if count else 0)
        )

    def retry(self) -> bool:
        """The same again, as a person or the worker would do it; and once more, which changes nothing."""
        for _ in range(2):
            if self.batch is not None:
                tasks.write_batch.func(self.batch.pk, False)
            elif MOU.objects.count() <= self.rows:
                seen = preview.build(self.workbook, kind_named("mou"), JointPlan.objects.get(slug="chinh"))
                counts = seen.counts()
                if counts["created"]:
                    try:
                        call_command(
                            "import_mous", str(self.workbook), "--plan", "chinh", "--commit", verbosity=0
                        )
                    except SystemExit as ended:
                        if ended.code:
                            return False
        return MOU.objects.count() == self.rows

    def reconnect(self) -> None:
        """A PostgreSQL that lost one of its processes recovers within seconds."""
        for _ in range(100):
            try:
                connections.close_all()
                connection.ensure_connection()
                return
            except Error:
                time.sleep(0.1)

    def clear(self) -> None:
        if self.batch is not None:
            Waiting(self.batch).remove()
        for model in (MOU, MOU.history.model, Enterprise, Enterprise.history.model, ImportRow, ImportBatch):
            model.objects.all()._raw_delete(model.objects.db)
