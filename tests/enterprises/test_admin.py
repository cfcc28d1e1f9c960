"""The admin of enterprises, memoranda and batches."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from cooperation.models import ImportBatch
from cooperation.roles import sync_roles
from enterprises.models import MOU, Enterprise
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_enterprise,
    make_mou,
    make_plan,
    make_user,
)
from tests.pages import form_data, form_errors, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


@pytest.fixture
def clerk(client, office):
    user = make_user(agency=office, role="Nhập liệu")
    client.force_login(user)
    return user


def address(name, *args):
    return reverse(f"admin:enterprises_{name}", args=args)


def test_a_clerk_keeps_the_memoranda_of_the_own_agency(client, clerk, office):
    own, foreign = make_mou(agency=office, number="01/BGN"), make_mou(agency=make_agency(), number="02/BGN")
    listed = client.get(address("mou_changelist")).context["cl"].result_list
    assert list(listed) == [own]
    page = client.get(address("mou_change", own.pk))
    data = form_data(page) | {"value": "1.200.000.000", "signed_on": "18/05/2019"}
    assert client.post(address("mou_change", own.pk), data).status_code == 302
    own.refresh_from_db()
    assert (own.value, own.signed_on.isoformat()) == (Decimal(1_200_000_000), "2019-05-18")
    assert client.post(address("mou_change", foreign.pk), data).status_code in {302, 404}
    foreign.refresh_from_db()
    assert foreign.number == "02/BGN"


def test_money_is_shown_with_dots(client, clerk, office):
    mou = make_mou(agency=office, value=1_200_000_000)
    assert 'value="1.200.000.000"' in client.get(address("mou_change", mou.pk)).content.decode()


def test_an_area_of_another_plan_is_refused(client, clerk, office):
    mou = make_mou(agency=office)
    data = form_data(client.get(address("mou_change", mou.pk)))
    other = make_area(make_plan())
    other.plan.agencies.add(office)
    answer = client.post(address("mou_change", mou.pk), data | {"area": other.pk})
    assert form_errors(answer) == ["Lĩnh vực này thuộc kế hoạch khác."]


def test_an_activity_of_another_plan_is_refused(client, office):
    client.force_login(make_user(is_superuser=True))
    mou = make_mou(agency=office)
    data = form_data(client.get(address("mou_change", mou.pk)))
    answer = client.post(address("mou_change", mou.pk), data | {"activity": make_activity().pk})
    assert form_errors(answer) == ["Hoạt động này thuộc kế hoạch khác."]


def test_invented_and_real_enterprises_do_not_meet(client, clerk, office):
    mou = make_mou(agency=office)
    data = form_data(client.get(address("mou_change", mou.pk)))
    invented = make_enterprise(is_demonstration=True)
    answer = client.post(address("mou_change", mou.pk), data | {"party_a": invented.pk})
    assert form_errors(answer) == ["Kế hoạch và doanh nghiệp phải cùng là thật hoặc cùng là minh họa."]


def test_a_memorandum_with_oneself_is_refused(client, clerk, office):
    mou = make_mou(agency=office)
    data = form_data(client.get(address("mou_change", mou.pk))) | {"party_b": mou.party_a_id}
    answer = client.post(address("mou_change", mou.pk), data)
    assert form_errors(answer) == ["Bên A và bên B phải là hai doanh nghiệp khác nhau."]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"signed_on": "31/02/2019"}, "Nhập một ngày hợp lệ."),
        ({"value": "một tỷ"}, "Nhập một số."),
        ({"currency": "đồn"}, "mã ba chữ"),
        ({"expires_on": "01/01/2019"}, "Ngày hết hạn không được trước ngày ký."),
        ({"value": "-1"}, "Giá trị không được âm."),
    ],
)
def test_bad_values_are_said_in_vietnamese(client, clerk, office, typed, said):
    mou = make_mou(agency=office)
    data = form_data(client.get(address("mou_change", mou.pk))) | typed
    errors = form_errors(client.post(address("mou_change", mou.pk), data))
    assert any(said in error for error in errors), errors


def test_a_wrong_tax_code_is_said_in_the_form(client, clerk):
    data = form_data(client.get(address("enterprise_add"))) | {"name": "Công ty A", "tax_code": "0301175619"}
    (error,) = form_errors(client.post(address("enterprise_add"), data))
    assert "số kiểm tra" in error
    assert not Enterprise.objects.exists()


def test_search_finds_a_memorandum_by_a_party(client, clerk, office):
    mou = make_mou(agency=office, party_a=make_enterprise("Công ty CP TM Mộc Hóa"))
    make_mou(agency=office)
    listed = client.get(address("mou_changelist"), {"q": "moc hoa"}).context["cl"].result_list
    assert list(listed) == [mou]


def test_who_may_not_import_sees_no_button(client, clerk, office):
    assert "Nhập từ bảng tính" in text_of(client.get(address("mou_changelist")))
    client.force_login(make_user(agency=office, role="Chuyên viên"))
    assert "Nhập từ bảng tính" not in text_of(client.get(address("mou_changelist")))


def test_batches_are_only_read(client, clerk):
    batch = ImportBatch.objects.create(
        kind="mou", key="k", plan=make_plan(), file_name="a.xlsx", sha256="0" * 64, user=clerk,
        agency=clerk.agency, state="committed", committed_at=timezone.now(),
        report={"created": 0, "updated": 0, "unchanged": 0, "rejected": 0},
    )  # fmt: skip
    listed = client.get(reverse("admin:cooperation_importbatch_changelist"))
    assert "a.xlsx" in text_of(listed)
    assert f"/{batch.uuid}/" in listed.content.decode()
    change = reverse("admin:cooperation_importbatch_change", args=[batch.pk])
    assert "a.xlsx" in text_of(client.get(change, follow=True))
    client.post(change, {"post": "yes", "file_name": "b.xlsx"})
    delete = reverse("admin:cooperation_importbatch_delete", args=[batch.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:cooperation_importbatch_add")).status_code == 403
    assert ImportBatch.objects.values().get() == {
        field.attname: getattr(batch, field.attname) for field in ImportBatch._meta.concrete_fields
    }


def test_a_clerk_deletes_own_memoranda_with_a_reason_and_no_enterprise(client, clerk, office):
    mou, foreign = make_mou(agency=office), make_mou(agency=make_agency())
    sent = {"post": "yes", "reason": "nhập trùng"}
    client.post(address("mou_delete", mou.pk), sent)
    assert client.post(address("mou_delete", foreign.pk), sent).status_code == 404
    assert MOU.objects.get() == foreign
    assert MOU.with_deleted.get(pk=mou.pk).deleted_at is not None
    assert client.post(address("enterprise_delete", mou.party_a_id), sent).status_code == 403
