"""Pages of explanation requests: who sees which, asking and answering by form, filters, export."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from programs.models import ExplanationRequest
from tests.factories import make_activity, make_agency, make_area, make_explanation, make_plan, make_user
from tests.pages import html_of, rows_of, text_of

pytestmark = pytest.mark.django_db

TODAY = localdate()


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


@pytest.fixture
def activity(office):
    return make_activity(make_area(make_plan(is_main=True)), lead_agency=office, title="Hội nghị kết nối")


@pytest.fixture
def leader(client, office):
    user = make_user(role="Lãnh đạo", full_name="Trần Thị Lãnh")
    client.force_login(user)
    return user


def clerk_of(client, agency, role="Chuyên viên"):
    user = make_user(agency=agency, role=role, full_name="Nguyễn Văn Viên")
    client.force_login(user)
    return user


def test_from_the_activity_s_page_to_the_answer(client, activity, office, leader):
    page = client.get(activity.get_absolute_url())
    address = reverse("explanation-ask-activity", args=(activity.code,))
    assert f'href="{address}"' in html_of(page)
    form = client.get(address).context["form"]
    assert (form.initial["agency"], form.initial["due_on"]) == (office, TODAY + timedelta(7))
    data = {"agency": office.pk, "question": "Vì sao chậm?", "due_on": TODAY.isoformat()}
    asked = client.post(address, data)
    explanation = ExplanationRequest.objects.get()
    assert asked.url == explanation.get_absolute_url()
    assert (explanation.activity, explanation.asked_by) == (activity, leader)
    clerk_of(client, office)
    assert "Vì sao chậm?" in text_of(client.get(asked.url))
    assert client.post(asked.url, {"answer": "Chờ kinh phí."}).url == asked.url
    text = text_of(client.get(asked.url))
    assert all(word in text for word in ("Vì sao chậm?", "Trần Thị Lãnh", "Chờ kinh phí.", "Nguyễn Văn Viên"))
    assert "Gửi giải trình" not in text


def test_from_the_area_s_page(client, activity, office, leader):
    address = reverse("explanation-ask-area", args=(activity.area_id,))
    assert f'href="{address}"' in html_of(client.get(activity.area.get_absolute_url()))
    data = {"agency": office.pk, "question": "Vì sao chậm?", "due_on": f"{TODAY:%d/%m/%Y}"}
    assert client.post(address, data).status_code == 302
    assert ExplanationRequest.objects.get().area == activity.area


def test_the_link_is_for_those_who_may_ask(client, activity, office):
    address = reverse("explanation-ask-activity", args=(activity.code,))
    assert address not in html_of(client.get(activity.get_absolute_url()))
    clerk_of(client, office)
    assert address not in html_of(client.get(activity.get_absolute_url()))
    assert client.get(address).status_code == 403


def test_a_refused_question_stays_in_the_form(client, activity, office, leader):
    address = reverse("explanation-ask-activity", args=(activity.code,))
    data = {"agency": office.pk, "question": "Dài dòng", "due_on": (TODAY - timedelta(1)).isoformat()}
    page = client.post(address, data)
    assert "Hạn trả lời phải từ hôm nay trở đi." in text_of(page)
    assert "Dài dòng" in html_of(page)
    page = client.post(address, {**data, "due_on": "31/02/2022", "agency": make_agency().pk})
    assert "hãy chọn lại" in text_of(page)
    assert not ExplanationRequest.objects.exists()


def test_nobody_to_ask(client, leader):
    lonely = make_activity(make_area(make_plan()))
    page = client.get(reverse("explanation-ask-activity", args=(lonely.code,)))
    assert "chưa biết hỏi ai" in text_of(page)


def test_an_answer_that_comes_second_is_refused_and_kept_on_the_page(client, activity, office):
    explanation = make_explanation(activity, agency=office)
    first = clerk_of(client, office)
    address = explanation.get_absolute_url()
    client.post(address, {"answer": "Một."})
    page = client.post(address, {"answer": "Hai, viết mất một giờ."})
    assert "Đã có giải trình lúc" in text_of(page)
    assert "Hai, viết mất một giờ." in html_of(page)
    explanation.refresh_from_db()
    assert (explanation.answer, explanation.answered_by) == ("Một.", first)


def test_a_foreign_request_is_not_there(client, activity, office):
    explanation = make_explanation(activity, agency=office)
    clerk_of(client, make_agency())
    assert client.get(explanation.get_absolute_url()).status_code == 404
    assert client.post(explanation.get_absolute_url(), {"answer": "x"}).status_code == 404
    assert rows_of(client.get(reverse("explanation-list"))) == []


def test_a_leader_reads_and_does_not_answer(client, activity, office, leader):
    explanation = make_explanation(activity, agency=office)
    assert "Gửi giải trình" not in text_of(client.get(explanation.get_absolute_url()))
    assert client.post(explanation.get_absolute_url(), {"answer": "x"}).status_code == 403


@pytest.mark.parametrize("role", ["Nhập liệu", None])
def test_roles_without_the_right(client, activity, office, role):
    explanation = make_explanation(activity, agency=office)
    clerk_of(client, office, role)
    assert client.get(reverse("explanation-list")).status_code == 403
    assert client.get(explanation.get_absolute_url()).status_code == 403


def test_readers_are_sent_to_the_door(client, activity):
    explanation = make_explanation(activity)
    for address in (
        reverse("explanation-list"),
        explanation.get_absolute_url(),
        reverse("explanation-ask-activity", args=(activity.code,)),
    ):
        assert client.get(address).url.startswith(reverse("admin:login"))


def test_all_requests_about_one_thing_stand_together(client, activity, office, leader):
    one, two = (make_explanation(activity, agency=office, question=f"Câu {n}?") for n in (1, 2))
    make_explanation(make_activity(lead_agency=office), agency=office, question="Chuyện khác?")
    text = text_of(client.get(one.get_absolute_url()))
    assert "Câu 2?" in text
    assert "Chuyện khác?" not in text
    assert "Câu 1?" in text_of(client.get(two.get_absolute_url()))


def states(client, query=""):
    return rows_of(client.get(reverse("explanation-list") + query))


def test_the_list_and_its_filters(client, activity, office, leader):
    make_explanation(activity, agency=office, question="Trễ", due_on=TODAY - timedelta(3))
    make_explanation(activity, agency=office, question="Chờ", due_on=TODAY + timedelta(3))
    make_explanation(
        activity.area, agency=make_agency(), question="Xong", due_on=TODAY - timedelta(9), answer="Rồi.",
        answered_by=make_user(), answered_at="2022-06-30T03:00Z",
    )  # fmt: skip
    assert [row.split("Câu")[0] for row in states(client)] and len(states(client)) == 3
    (late,) = states(client, "?trang_thai=qua-han")
    assert "Trễ" in late and "quá hạn 3 ngày" in late
    assert len(states(client, "?trang_thai=cho")) == 2
    (done,) = states(client, "?trang_thai=da-tra-loi")
    assert "Xong" in done and "30/06/2022" in done
    assert len(states(client, f"?co_quan={office.slug}")) == 2
    assert len(states(client, "?tim=hoi+nghi")) == 2
    assert len(states(client, "?tim=HỘI+nghi&trang_thai=qua-han")) == 1
    assert states(client, "?trang_thai=khong-co") == []
    assert states(client, "?tim=...") == []


def test_odd_addresses(client, activity, leader):
    for address in (
        "/giai-trinh/99999999999999999999/",
        "/giai-trinh/linh-vuc/99999999999999999999/",
        "/giai-trinh/hoat-dong/khong-co/",
        "/giai-trinh/0/",
    ):
        assert client.get(address).status_code == 404, address


def test_what_was_deleted_stays_on_the_record(client, activity, office, leader):
    explanation = make_explanation(activity, agency=office)
    type(activity).objects.update(deleted_at="2022-06-30T00:00Z")
    assert "Hội nghị kết nối" in text_of(client.get(explanation.get_absolute_url()))
    assert client.get(reverse("explanation-ask-activity", args=(activity.code,))).status_code == 404
    assert list(ExplanationRequest.objects.unanswered().about_living()) == []


@pytest.mark.parametrize("count", [1, 20])
def test_queries_do_not_grow(client, activity, office, leader, count, django_assert_num_queries):
    for _each in range(count):
        make_explanation(activity, agency=office)
    explanation = make_explanation(activity.area, agency=office)
    client.get("/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("explanation-list"))
    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(explanation.get_absolute_url())


LIST_QUERIES = 10
DETAIL_QUERIES = 9


def test_the_admin_reads_and_exports(client, activity, office, leader):
    explanation = make_explanation(activity, agency=office, question="=1+1")
    listed = client.get(reverse("admin:programs_explanationrequest_changelist"))
    assert listed.context["cl"].result_count == 1
    page = client.get(reverse("admin:programs_explanationrequest_change", args=(explanation.pk,)))
    assert page.status_code == 200
    assert "_save" not in html_of(page)
    assert client.get(reverse("admin:programs_explanationrequest_add")).status_code == 403
    address = reverse("admin:programs_explanationrequest_export")
    form = client.get(address).context["form"]
    csv = next(value for value, label in form.fields["format"].choices if label == "csv")
    fields = set(form.fields) - {"format", "resource", "export_items"}
    exported = client.post(address, {"format": csv, "resource": "0", **dict.fromkeys(fields, "on")})
    assert exported.status_code == 200
    assert "Hội nghị kết nối" in exported.content.decode("utf-8-sig")
    clerk_of(client, office)
    assert client.get(reverse("admin:programs_explanationrequest_export")).status_code == 403
