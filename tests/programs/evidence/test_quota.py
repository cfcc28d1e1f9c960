"""The quota: living and deleted rows count, and two uploads at once cannot both take the last room."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from programs.evidence import quota
from programs.evidence.files import prepare
from programs.models import Evidence
from tests.factories import make_activity, make_user
from tests.programs.evidence.hostile import pdf
from tests.programs.evidence.test_storing import attached, upload

pytestmark = pytest.mark.django_db
SIZE = len(pdf())


@pytest.mark.parametrize(
    ("size", "said"),
    [(800, "800 byte"), (2048, "2 KiB"), (25 * 1024**2, "25 MiB"), (1_932_735_283, "1,8 GiB")],
)
def test_amounts(size, said):
    assert quota.amount(size) == said


def test_the_sentence_says_what_is_used_and_what_is_left(settings):
    settings.PORTAL_EVIDENCE_QUOTA_BYTES = 2 * SIZE
    user = make_user()
    activity = make_activity()
    attached(activity, user=user)
    attached(activity, user=user)
    with pytest.raises(ValidationError, match=rf"đã dùng {2 * SIZE} byte trong {2 * SIZE} byte"):
        prepare(upload(), user)
    with pytest.raises(ValidationError, match="không đủ chỗ"):
        attached(activity, user=user)
    attached(activity, user=make_user())
    assert Evidence.objects.count() == 3


def test_a_deleted_row_still_counts(settings):
    settings.PORTAL_EVIDENCE_QUOTA_BYTES = SIZE
    user = make_user()
    row = attached(user=user)
    row.deleted_at = timezone.now()
    row.save()
    assert quota.used(user) == SIZE
    with pytest.raises(ValidationError, match="không đủ chỗ"):
        attached(user=user)


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_do_not_both_pass(settings):
    settings.PORTAL_EVIDENCE_QUOTA_BYTES = SIZE * 3 // 2
    user, activity = make_user(), make_activity()
    start, outcomes = threading.Barrier(4), []

    def send():
        file = prepare(upload(), user)  # each of them sees room
        start.wait()
        try:
            attached(activity, file=file, user=user)
            outcomes.append("written")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "refused", "refused", "written"]
    assert quota.used(user) == SIZE
