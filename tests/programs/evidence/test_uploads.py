"""What a request may send: bodies that no form needs are not read, files are cut off at the limit."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from tests.pages import text_of

LIMIT = 100_000


@pytest.fixture(autouse=True)
def small(settings):
    settings.PORTAL_EVIDENCE_MAX_BYTES = LIMIT


def files_of(*sizes):
    content = {f"tep{n}": SimpleUploadedFile("a.pdf", b"a" * size) for n, size in enumerate(sizes)}
    return RequestFactory().post("/", {"chu": "Ba", **content})


def test_a_file_within_the_limit_arrives_whole():
    request = files_of(LIMIT, 0)
    assert [request.FILES[f"tep{n}"].size for n in range(2)] == [LIMIT, 0]
    assert request.POST["chu"] == "Ba"


def test_a_file_beyond_is_kept_only_until_it_is_too_large(settings):
    for in_memory in (10**7, 1000):
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = in_memory
        request = files_of(40 * LIMIT, 7)
        file = request.FILES["tep0"]
        assert LIMIT < file.size <= LIMIT + 64 * 1024
        assert sum(map(len, file.chunks())) == file.size
        assert request.FILES["tep1"].size == 7
        request.close()


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/khong-co/"])
def test_a_huge_body_is_not_read(client, path):
    class Untouchable:
        def read(self, *_args):
            raise AssertionError("the body was read")

        readline = read

    response = client.generic(
        "POST", path, b"", **{"CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": Untouchable()}
    )
    assert response.status_code == 413
    assert "gửi từng tệp một" in text_of(response)
    assert "default-src" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_length_that_is_no_number_is_nothing(client):
    assert client.generic("POST", "/admin/login/", b"", CONTENT_LENGTH="x").status_code in (200, 403)
