"""Where an upload waits: what is kept, what a page reads of it, and when it goes."""

import os
import time

import pytest

from cooperation.importing.storage import KEPT_SECONDS, Waiting, clear_out
from cooperation.models import ImportBatch
from tests.enterprises.workbooks import row

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(plan, media):
    kept = Waiting(ImportBatch(kind="mou", plan=plan))
    kept.receive([b"mot ", b"hai"])
    return kept


def make_old(waiting):
    old = time.time() - KEPT_SECONDS - 60
    os.utime(waiting.folder, (old, old))


def test_the_upload_is_kept_until_it_is_removed(waiting):
    assert waiting.file.read_bytes() == b"mot hai"
    assert waiting.exists()
    waiting.remove()
    assert (waiting.exists(), waiting.folder.exists()) == (False, False)
    waiting.remove()


def test_after_a_day_it_is_gone(waiting, plan):
    other = Waiting(ImportBatch(kind="mou", plan=plan))
    other.receive([b"x"])
    make_old(waiting)
    assert (waiting.exists(), other.exists()) == (False, True)
    clear_out()
    assert (waiting.folder.exists(), other.folder.exists()) == (False, True)


def test_rows_come_back_by_class_and_page(waiting, see):
    waiting.keep(see(*(row(n, area=13 if n % 3 == 0 else 6) for n in range(9))))
    assert [line["number"] for line in waiting.rows()] == list(range(2, 11))
    assert [line["number"] for line in waiting.page("", 1, 4)] == [2, 3, 4, 5]
    assert [line["number"] for line in waiting.page("", 3, 4)] == [10]
    assert [line["number"] for line in waiting.page("rejected", 1, 2)] == [2, 5]
    assert [line["number"] for line in waiting.page("rejected", 2, 2)] == [8]
    assert waiting.page("updated", 1, 4) == []
    assert waiting.page("", 9, 4) == []


def test_a_text_that_looks_like_a_class_is_no_class(waiting, see):
    waiting.keep(see(row(1, number='{"outcome":"rejected"'), row(2, party_a="a\nb\u2028c")))
    assert waiting.page("rejected", 1, 10) == []
    assert len(waiting.page("created", 1, 10)) == 2


def test_a_digest_changes_with_what_would_be_written_and_with_nothing_else(waiting, see, write):
    digests = []
    for step in (
        lambda: None,
        lambda: None,
        lambda: write(row(1)),
    ):
        step()
        waiting.keep(see(row(1, value=5)))
        digests.append(waiting.digests()[2])
    assert digests[0] == digests[1]
    assert digests[1] != digests[2]


def test_progress_is_what_was_said_last_and_nothing_before(waiting):
    assert waiting.progress() == 0
    waiting.set_progress(40)
    assert waiting.progress() == 40
    (waiting.folder / "progress").write_text("?", encoding="ascii")
    assert waiting.progress() == 0
