"""The world of an import: a plan, a clerk of its agency, and their way through the pages."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cooperation.importing import batch, preview
from cooperation.importing.kinds import kind_named
from cooperation.models import ImportBatch
from cooperation.roles import sync_roles
from tests.enterprises import workbooks
from tests.factories import make_user


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def plan():
    sync_roles()
    return workbooks.make_world()


@pytest.fixture
def clerk(client, plan):
    user = make_user("nhap", agency=plan.agencies.get(), role="Nhập liệu")
    client.force_login(user)
    return user


@pytest.fixture
def see(plan, tmp_path):
    """The preview of those rows, each a dict of field → cell."""

    def built(*rows, user=None, **options):
        path = workbooks.template(tmp_path / "a.xlsx", *rows)
        return preview.build(path, kind_named("mou"), plan, user=user, options=options)

    return built


@pytest.fixture
def write(see):
    """Preview and commit those rows at once."""

    def written(*rows, user=None, **options):
        seen = see(*rows, user=user, **options)
        return batch.commit(seen, batch.new_batch(seen, user), user=user)

    return written


@pytest.fixture
def upload(client, plan, media, tmp_path):
    """Send those rows, or that content, to the upload page."""

    def sent(*rows, content=None, name="ban-ghi-nho.xlsx", to=None, kind="mou", as_client=client):
        content = workbooks.template(tmp_path / "a.xlsx", *rows).read_bytes() if content is None else content
        address = reverse("admin:cooperation_importbatch_upload", kwargs={"kind": kind})
        return as_client.post(address, {"plan": (to or plan).pk, "file": SimpleUploadedFile(name, content)})

    return sent


@pytest.fixture
def press(client):
    """Press a button of a batch's page, by the page's address."""

    def pressed(page, viec="ghi", *, as_client=client, **data):
        return as_client.post(f"{page}lam/", {"viec": viec, **data}, follow=True)

    return pressed


@pytest.fixture
def bring(upload, press):
    """Upload those rows and write them; returns the batch."""

    def brought(*rows, **data):
        page = upload(*rows).url
        press(page, **data)
        return batch_at(page)

    return brought


def batch_at(page) -> ImportBatch:
    return ImportBatch.objects.get(uuid=page.rstrip("/").rsplit("/", 1)[1])
