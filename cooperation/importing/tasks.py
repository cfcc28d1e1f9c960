"""Large files are read and written by the worker. A task may run twice: every step claims its batch first."""

from django_tasks import task

from cooperation.importing import work
from cooperation.importing.batch import AlreadyWrittenError, ImportConflictError
from cooperation.models import ImportBatch

State = ImportBatch.State


@task()
def read_batch(batch_pk: int) -> None:
    batch = ImportBatch.objects.select_related("plan", "user", "agency").get(pk=batch_pk)
    if batch.state == State.READING:
        work.read(batch)


@task()
def write_batch(batch_pk: int, partial: bool) -> None:
    batch = ImportBatch.objects.select_related("plan", "user", "agency").get(pk=batch_pk)
    if batch.state != State.WRITING:
        return
    try:
        if work.write(batch, partial=partial) is None:
            ImportBatch.objects.filter(pk=batch_pk, state=State.WRITING).update(state=State.PREVIEWED)
    except AlreadyWrittenError as written:
        work.supersede(batch, written.batch)
    except ImportConflictError as conflict:
        ImportBatch.objects.filter(pk=batch_pk, state__in=(State.WRITING, State.PREVIEWED)).update(
            state=State.PREVIEWED, message=str(conflict)
        )
