"""A leader asks, the agency finds the question in "Việc của tôi" and answers: by hand, on phone and desk."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from programs.models import ExplanationRequest
from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD = "mot-mat-khau-dai-12"
WORD = "x" * 200


@pytest.fixture
def office():
    sync_roles()
    return factories.make_agency("Sở Công Thương")


def person(username, agency, role):
    return factories.make_user(
        username, agency, role, password=PASSWORD, full_name="Nguyễn Thị Có Một Cái Tên Khá Dài"
    )


def sign_in(page, server, username):
    page.goto(f"{server.url}/viec-cua-toi/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{server.url}/viec-cua-toi/")


def sign_out(page):
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/logout/")


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_question_and_its_answer(live_server, page, office):
    person("lanh-dao", None, "Lãnh đạo")
    person("chuyen-vien", office, "Chuyên viên")
    area = factories.make_area(factories.make_plan(is_main=True))
    activity = factories.make_activity(
        area, lead_agency=office, title="Hội nghị kết nối", due_on=localdate() - timedelta(3)
    )
    sign_in(page, live_server, "lanh-dao")
    page.goto(live_server.url + activity.get_absolute_url())
    page.get_by_role("link", name="Yêu cầu giải trình").click()
    page.get_by_label("Nội dung cần giải trình").fill("Vì sao chậm?")
    page.get_by_role("button", name="Gửi yêu cầu").click()
    page.get_by_text("Chưa có trả lời.").wait_for()
    sign_out(page)
    sign_in(page, live_server, "chuyen-vien")
    assert page.get_by_role("link", name="Việc của tôi (2)").is_visible()
    page.locator("section", has_text="Chờ đơn vị tôi giải trình").get_by_role(
        "link", name="Hội nghị kết nối"
    ).click()
    page.get_by_label("Nội dung giải trình").fill("Chờ kinh phí.")
    page.get_by_role("button", name="Gửi giải trình").click()
    page.get_by_text("Chờ kinh phí.").wait_for()
    assert page.get_by_role("link", name="Việc của tôi (1)").is_visible()
    assert ExplanationRequest.objects.get().answer == "Chờ kinh phí."


def test_long_words_fit(live_server, page, office):
    person("lanh-dao", None, "Lãnh đạo")
    person("chuyen-vien", office, "Chuyên viên")
    area = factories.make_area(factories.make_plan(is_main=True), title=WORD)
    for number in range(9):
        activity = factories.make_activity(
            area, lead_agency=office, title=f"{number}{WORD}", due_on=localdate() - timedelta(number)
        )
        factories.make_update(activity, status="returned", return_note=WORD)
    asked = factories.make_explanation(activity, agency=office, question=WORD, due_on=localdate())
    addresses = ["/viec-cua-toi/", "/viec-cua-toi/?viec=qua-han", "/giai-trinh/", asked.get_absolute_url()]
    ask = f"/giai-trinh/hoat-dong/{activity.code}/"
    for username, pages in (("chuyen-vien", addresses), ("lanh-dao", [*addresses, ask, "/"])):
        sign_in(page, live_server, username)
        for address in pages:
            page.goto(live_server.url + address)
            assert fits(page), (username, address)
        sign_out(page)
