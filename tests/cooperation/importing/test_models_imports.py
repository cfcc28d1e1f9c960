"""What the database itself holds true of batches, their rows and remembered columns."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cooperation.models import ColumnMapping, ImportBatch, ImportRow
from cooperation.roles import sync_roles
from tests.factories import make_agency, make_plan, make_user

pytestmark = pytest.mark.django_db


def make_batch(**kwargs):
    return ImportBatch.objects.create(
        **{"kind": "mou", "plan": make_plan(), "file_name": "a.xlsx", "sha256": "0" * 64, **kwargs}
    )


def written(**kwargs):
    return make_batch(**{"state": "committed", "key": "k", "committed_at": timezone.now(), **kwargs})


def refused(make, **kwargs) -> bool:
    try:
        with transaction.atomic():
            make(**kwargs)
    except IntegrityError:
        return True
    return False


def test_one_key_is_written_once_and_open_batches_have_none():
    written()
    make_batch()
    make_batch()
    assert refused(written)
    assert not refused(written, key="k2")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "committed", "key": "k"},
        {"state": "committed", "committed_at": timezone.now()},
        {"state": "previewed", "key": "k"},
        {"state": "previewed", "committed_at": timezone.now()},
        {"state": "undone", "key": "k", "committed_at": timezone.now()},
        {"state": "committed", "key": "k", "committed_at": timezone.now(), "undone_at": timezone.now()},
    ],
)
def test_a_state_and_its_times_belong_together(wrong):
    assert refused(make_batch, **wrong)


def test_a_row_number_occurs_once_in_a_batch():
    batch = make_batch()
    ImportRow.objects.create(batch=batch, number=2, outcome="created")
    assert refused(ImportRow.objects.create, batch=batch, number=2, outcome="created")
    assert not refused(ImportRow.objects.create, batch=make_batch(), number=2, outcome="created")


def test_a_header_is_remembered_once_for_each_agency_and_once_for_none():
    agency = make_agency()
    for owner in (agency, None):
        ColumnMapping.objects.create(kind="mou", header="cot la", field="note", agency=owner)
        assert refused(ColumnMapping.objects.create, kind="mou", header="cot la", field="", agency=owner)
    assert not refused(ColumnMapping.objects.create, kind="mou", header="cot la", agency=make_agency())
    assert not refused(ColumnMapping.objects.create, kind="activity", header="cot la", agency=agency)


def test_reasons_name_the_batch_and_fit_into_the_history():
    batch = written(file_name=f"{'x' * 200}.xlsx")
    assert batch.change_reason == f"Lần nhập {batch.pk}: {'x' * 60}"
    assert batch.undo_reason == f"Hoàn tác lần nhập {batch.pk}: {'x' * 60}"
    assert len(batch.undo_reason) <= 100


def test_a_batch_is_seen_by_its_agency_its_uploader_and_who_reads_all():
    sync_roles()
    agency = make_agency()
    loner = make_user()
    own, foreign, lone = (
        written(agency=agency),
        written(key="2", agency=make_agency()),
        written(key="3", user=loner),
    )
    seen = {
        "colleague": set(ImportBatch.objects.for_user(make_user(agency=agency, role="Nhập liệu"))),
        "loner": set(ImportBatch.objects.for_user(loner)),
        "leader": set(ImportBatch.objects.for_user(make_user(agency=agency, role="Lãnh đạo"))),
        "superuser": set(ImportBatch.objects.for_user(make_user(is_superuser=True))),
        "visitor": set(ImportBatch.objects.for_user(make_user(is_staff=False, agency=agency))),
        "dismissed": set(ImportBatch.objects.for_user(make_user(is_active=False, agency=agency))),
    }
    assert seen == {
        "colleague": {own}, "loner": {lone}, "leader": {own, foreign, lone},
        "superuser": {own, foreign, lone}, "visitor": set(), "dismissed": set(),
    }  # fmt: skip
