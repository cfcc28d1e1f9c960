"""When something is wrong, a page in Vietnamese says so and says what to do."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.views import defaults

from tests.factories import make_user
from tests.pages import html_of, text_of


@pytest.mark.parametrize(
    ("view", "fault", "status", "heading"),
    [
        (defaults.bad_request, SuspiciousOperation(), 400, "Yêu cầu không đọc được"),
        (defaults.permission_denied, PermissionDenied(), 403, "Không có quyền"),
        (defaults.page_not_found, Http404(), 404, "Không tìm thấy trang"),
    ],
)
def test_what_the_reader_did(rf, view, fault, status, heading):
    request = rf.get("/khong-co/")
    request.user = AnonymousUser()
    response = view(request, fault)
    assert response.status_code == status
    assert f"{status} {heading} " in text_of(response)
    assert "<script" not in html_of(response)


def test_what_the_portal_did(rf):
    response = defaults.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "dữ liệu không mất" in text_of(response)


@pytest.mark.django_db
def test_a_form_of_an_older_session(settings):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(is_superuser=True))
    response = client.post(reverse("admin:cooperation_province_add"), {})
    assert response.status_code == 403
    assert "tải lại trang rồi gửi lần nữa" in text_of(response)
