"""What every admin page inherits: scope, history, search, export, and faults said in the form."""

from inspect import getsource

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from cooperation.admin_base import ScopedAdmin
from cooperation.models import Province
from cooperation.roles import sync_roles
from enterprises.models import Enterprise
from programs.models import Activity
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_enterprise,
    make_mou,
    make_province,
    make_update,
    make_user,
)
from tests.pages import form_data, form_errors

pytestmark = pytest.mark.django_db

OURS = {
    model: model_admin
    for model, model_admin in admin.site._registry.items()
    if model._meta.app_label in {"cooperation", "programs", "enterprises"}
}


@pytest.fixture
def office():
    return make_agency("Sở Công Thương")


@pytest.fixture
def staff(client, office):
    """A chuyên viên of `office`, signed in."""
    sync_roles()
    user = make_user("chuyen-vien", agency=office, role="Chuyên viên")
    client.force_login(user)
    return user


@pytest.fixture
def administrator(client):
    user = make_user("quan-tri", is_superuser=True)
    client.force_login(user)
    return user


def address(name, *args):
    return reverse(f"admin:{name}", args=args)


# Scope


def test_the_list_holds_own_rows_only(client, staff, office):
    make_activity(title="Việc của đơn vị tôi", lead_agency=office)
    make_activity(title="Việc của đơn vị khác", lead_agency=make_agency())
    page = client.get(address("programs_activity_changelist")).content.decode()
    assert "Việc của đơn vị tôi" in page
    assert "Việc của đơn vị khác" not in page


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_a_foreign_row_answers_like_one_that_does_not_exist(client, staff, page):
    foreign = make_activity(lead_agency=make_agency())
    answers = [client.get(address(f"programs_activity_{page}", pk)) for pk in (foreign.pk, foreign.pk + 1)]
    assert len({answer.status_code for answer in answers}) == 1
    assert answers[0].status_code in {302, 403, 404}
    assert foreign.title.encode() not in answers[0].content


def test_a_foreign_row_is_not_written(client, staff):
    foreign = make_activity(lead_agency=make_agency())
    client.post(address("programs_activity_change", foreign.pk), {"title": "Đổi trộm"})
    foreign.refresh_from_db()
    assert foreign.title != "Đổi trộm"


def test_autocomplete_offers_own_rows_only(client, staff, office):
    make_activity(title="Hội nghị mía đường", lead_agency=office)
    make_activity(title="Hội nghị thanh long", lead_agency=make_agency())
    field = {"app_label": "programs", "model_name": "progressupdate", "field_name": "activity"}
    found = client.get(address("autocomplete"), {"term": "hoi nghi", **field}).json()["results"]
    assert [result["text"].split(": ")[1] for result in found] == ["Hội nghị mía đường"]


def test_a_partner_reads_but_gets_no_button_to_save(client, staff, office):
    activity = make_activity(lead_agency=make_agency())
    activity.partner_agencies.add(office)
    page = client.get(address("programs_activity_change", activity.pk))
    assert activity.title in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert client.post(address("programs_activity_change", activity.pk), {}).status_code == 403


def test_a_new_row_belongs_to_an_own_agency(client, staff, office):
    foreign = make_agency("Sở khác")
    page = client.get(address("programs_activity_add"))
    choices = page.context["adminform"].form.fields["lead_agency"].queryset
    assert list(choices) == [office]
    area = make_area()
    area.plan.agencies.add(office)
    data = form_data(page) | {"title": "Việc mới", "code": "HD-MOI", "area": area.pk}
    refused = client.post(address("programs_activity_add"), data | {"lead_agency": foreign.pk})
    assert not Activity.objects.exists()
    assert form_errors(refused) != []
    nobody = client.post(address("programs_activity_add"), data | {"lead_agency": ""})
    assert form_errors(nobody) == ["Không được để trống."]
    done = client.post(address("programs_activity_add"), data | {"lead_agency": office.pk})
    assert done.status_code == 302, form_errors(done)
    assert Activity.objects.get().lead_agency == office


def test_only_plans_of_the_own_line_of_agencies_are_written_into(client, office):
    """A unit works under the plans that its department signed; other plans it only reads."""
    sync_roles()
    unit = make_agency("Phòng Thương mại", parent=office)
    client.force_login(make_user(agency=unit, role="Chuyên viên"))
    own, foreign = make_area(title="Của Sở tôi"), make_area(title="Của tỉnh khác")
    own.plan.agencies.add(office)
    foreign.plan.agencies.add(make_agency())
    page = client.get(address("programs_activity_add"))
    assert list(page.context["adminform"].form.fields["area"].queryset) == [own]
    data = form_data(page) | {"title": "Việc mới", "code": "HD-MOI", "lead_agency": unit.pk}
    refused = client.post(address("programs_activity_add"), data | {"area": foreign.pk})
    assert len(form_errors(refused)) == 1
    assert not Activity.objects.exists()
    assert client.post(address("programs_activity_add"), data | {"area": own.pk}).status_code == 302


def test_a_row_keeps_the_plan_it_is_in(client, staff, office):
    activity = make_activity(lead_agency=office)
    page = client.get(address("programs_activity_change", activity.pk))
    data = form_data(page) | {"title": "Tên mới"}
    assert client.post(address("programs_activity_change", activity.pk), data).status_code == 302
    activity.refresh_from_db()
    assert activity.title == "Tên mới"


def test_a_row_cannot_be_given_away(client, staff, office):
    activity = make_activity(lead_agency=office)
    page = client.get(address("programs_activity_change", activity.pk))
    for elsewhere in ("", make_agency().pk):
        data = form_data(page) | {"lead_agency": elsewhere}
        assert form_errors(client.post(address("programs_activity_change", activity.pk), data))
    activity.refresh_from_db()
    assert activity.lead_agency == office


def test_every_list_names_the_relations_it_follows():
    """Django's default would join every foreign key five levels deep."""
    assert OURS
    for model, model_admin in OURS.items():
        assert isinstance(model_admin.list_select_related, tuple), model
        if isinstance(model_admin, ScopedAdmin):
            own = model_admin.get_queryset.__func__
            assert own is ScopedAdmin.get_queryset or "super().get_queryset(request)" in getsource(own), model


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("programs_activity", make_activity),
        ("programs_progressupdate", make_update),
        ("enterprises_mou", make_mou),
        ("enterprises_enterprise", make_enterprise),
        ("cooperation_agency", make_agency),
        ("cooperation_province", make_province),
        ("cooperation_cooperationarea", make_area),
    ],
)
def test_a_list_takes_the_same_queries_for_one_row_and_for_many(client, administrator, name, make):
    make()
    client.get(address(f"{name}_changelist"))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(f"{name}_changelist"))
        counts.append(len(queries))
        for _ in range(8):
            make()
    assert counts[0] == counts[1]


# History


def test_old_versions_are_shown_and_never_put_back(client, administrator):
    area = make_area(title="Tên cũ")
    area.title = "Tên mới"
    area.save()
    first = area.history.earliest()
    version = address("cooperation_cooperationarea_simple_history", area.pk, first.pk)
    assert "Tên cũ" in client.get(version).content.decode()
    data = {"plan": area.plan_id, "number": 1, "title": "Tên cũ", "subtopics": "[]"}
    assert client.post(version, data).status_code == 405
    area.refresh_from_db()
    assert area.title == "Tên mới"
    assert area.history.count() == 2


def test_history_names_who_changed_the_row(client, administrator):
    area = make_area()
    page = client.get(address("cooperation_cooperationarea_change", area.pk))
    data = form_data(page) | {"title": "Tên mới"}
    assert client.post(address("cooperation_cooperationarea_change", area.pk), data).status_code == 302
    assert area.history.latest().history_user == administrator
    history = client.get(address("cooperation_cooperationarea_history", area.pk)).content.decode()
    assert "quan-tri" in history


def test_a_history_of_a_foreign_row_is_hidden(client, staff):
    foreign = make_activity(lead_agency=make_agency())
    version = foreign.history.get().pk
    assert client.get(address("programs_activity_simple_history", foreign.pk, version)).status_code == 404


# Faults in the form


def test_one_enterprise_written_twice_is_said_in_the_form(client, administrator):
    province = make_province()
    make_enterprise("Công ty CP TM Mộc Hóa", province=province)
    page = client.get(address("enterprises_enterprise_add"))
    data = form_data(page) | {"name": "CÔNG TY CỔ PHẦN THƯƠNG MẠI MỘC HOÁ", "province": province.pk}
    answer = client.post(address("enterprises_enterprise_add"), data)
    assert form_errors(answer) == ["Tỉnh này đã có doanh nghiệp cùng tên, không có mã số thuế."]
    assert Enterprise.objects.count() == 1


def test_one_memorandum_written_twice_is_said_in_the_form(client, administrator):
    mou = make_mou(content="Tiêu thụ trà")
    page = client.get(address("enterprises_mou_add"))
    data = form_data(page) | {
        "plan": mou.plan_id, "area": mou.area_id, "signed_on": "17/05/2019", "content": "TIÊU THỤ TRÀ",
        "party_a": mou.party_b_id, "party_b": mou.party_a_id,
    }  # fmt: skip
    (error,) = form_errors(client.post(address("enterprises_mou_add"), data))
    assert error == "Đã có bản ghi nhớ cùng hai bên, cùng ngày ký, cùng nội dung."


def test_a_constraint_is_said_in_the_form(client, administrator):
    activity = make_activity()
    page = client.get(address("programs_activity_change", activity.pk))
    data = form_data(page) | {"lifecycle": "completed"}
    (error,) = form_errors(client.post(address("programs_activity_change", activity.pk), data))
    assert error.startswith("Hoạt động hoàn thành phải có ngày")


# Search and export


def test_search_is_blind_to_accents(client, administrator):
    make_province("Mộc Hóa")
    make_province("Tây Ninh")
    for words in ("moc hoa", "HOÁ mộc"):
        page = client.get(address("cooperation_province_changelist"), {"q": words})
        assert [row.name for row in page.context["cl"].result_list] == ["Mộc Hóa"]


def test_an_export_holds_the_rows_of_the_list(client, staff, office):
    make_activity(title="Việc của đơn vị tôi", lead_agency=office)
    make_activity(title="Việc của đơn vị khác", lead_agency=make_agency())
    page = client.get(address("programs_activity_export"))
    csv = next(value for value, label in page.context["form"].fields["format"].choices if label == "csv")
    fields = {name: "on" for name in page.context["form"].fields if name.startswith("list")}
    answer = client.post(address("programs_activity_export"), {"format": csv, **fields})
    text = answer.content.decode()
    assert f'filename="hoat-dong-{localdate()}.csv"' in answer["Content-Disposition"]
    assert "Việc của đơn vị tôi" in text
    assert "Việc của đơn vị khác" not in text


def test_an_export_needs_its_right(client):
    sync_roles()
    client.force_login(make_user(agency=make_agency(), role="Chuyên viên"))
    assert client.get(address("programs_activity_export")).status_code == 200
    assert client.get(address("cooperation_province_export")).status_code == 403


def test_an_export_of_an_unknown_filter_exports_nothing(client, administrator):
    make_activity()
    answer = client.get(address("programs_activity_export"), {"lifecycle__xx": "1"}, follow=True)
    assert "Bộ lọc không hợp lệ" in answer.content.decode()


def test_provinces_are_kept_by_the_administrator(client, staff):
    province = make_province()
    assert client.post(address("cooperation_province_change", province.pk), {}).status_code == 403
    assert client.get(address("cooperation_province_add")).status_code == 403
    assert Province.objects.count() == 1
