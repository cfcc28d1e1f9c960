"""What is not published is named nowhere: not by a list, a search, or a record that points to it."""

import datetime

import pytest
from django.urls import reverse

from programs.models import Indicator
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

SECRET = "BÍ MẬT CHƯA CÔNG KHAI"


@pytest.fixture
def world():
    """One public record of everything that points to others, and what each of them points to."""
    agreement = factories.make_agreement(title="Thỏa thuận cũ", number="1/TT")
    newer = factories.make_agreement(slug="moi", predecessor=agreement)
    plan = factories.make_plan(is_main=True, agreement=agreement, signed_on=datetime.date(2019, 5, 17))
    area, further = factories.make_area(plan, 1), factories.make_area(plan, 2)
    program = factories.make_program(area)
    indicator = Indicator.objects.create(
        area=area, code="I1", name="Chỉ tiêu", unit="x", aggregation="cumulative"
    )
    elsewhere = factories.make_activity(further)
    activity = factories.make_activity(area, code="A1", program=program, indicator=indicator)
    activity.further_areas.add(further)
    enterprise = factories.make_enterprise()
    mou = factories.make_mou(area, party_a=enterprise, activity=elsewhere)
    return {
        "agreement": agreement,
        "further": further,
        "program": program,
        "indicator": indicator,
        "elsewhere": elsewhere,
        "enterprise": enterprise,
        "addresses": [
            "/", "/linh-vuc/1/", "/linh-vuc/2/", activity.get_absolute_url(), elsewhere.get_absolute_url(),
            mou.get_absolute_url(), "/ban-ghi-nho/", "/ban-ghi-nho/?tim=bi+mat", "/doanh-nghiep/",
            mou.party_b.get_absolute_url(), enterprise.get_absolute_url(), newer.get_absolute_url(),
            "/thoa-thuan/", "/hoat-dong/", "/chuong-trinh/", reverse("timeline"),
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    "hidden", ["agreement", "further", "program", "indicator", "elsewhere", "enterprise"]
)
def test_what_is_hidden_is_named_nowhere(client, world, hidden):
    record = world[hidden]
    field = "name" if hasattr(record, "name") else "title"
    setattr(record, field, SECRET)
    record.save()
    assert any(SECRET in text_of(client.get(address)) for address in world["addresses"])
    record.published = False
    record.save()
    assert [address for address in world["addresses"] if SECRET in text_of(client.get(address))] == []


def test_what_hangs_on_something_hidden_is_hidden_too(client, world):
    elsewhere, further = world["elsewhere"], world["further"]
    elsewhere.title = SECRET
    elsewhere.save()
    further.published = False
    further.save()
    assert [address for address in world["addresses"] if SECRET in text_of(client.get(address))] == []
    assert not type(elsewhere).objects.get(pk=elsewhere.pk).is_public
