"""A plan of any size in seconds, for measuring: `big_plan(100_000)` in a database that is set up.

For every benchmark and size test (pages, search, exports). All of it is made up and says
so; the same seed makes the same rows. Titles hold Vietnamese words of every frequency: COMMON
stands in every third one, RARE in exactly three of any plan of 100 or more.
"""

import datetime
import random
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from cooperation.importing import writer
from cooperation.models import CooperationArea, JointPlan
from programs.models import Activity, ProgressUpdate
from tests import factories

AREAS, AGENCIES = 12, 40
COMMON, RARE = "Đào tạo", "thủy lôi"
FIRST_DAY = datetime.date(2019, 5, 17)
LAST_DAY = datetime.date(2025, 12, 31)
_VERBS = ("Tổ chức", "Phối hợp", "Khảo sát", "Xây dựng", "Hỗ trợ", "Ký kết", "Kiểm tra", "Quảng bá")
_THINGS = (
    "hội chợ thương mại", "tuyến du lịch đường thủy", "chuỗi nông sản sạch", "cầu qua sông biên giới",
    "trạm quan trắc môi trường", "lớp bồi dưỡng cán bộ", "kết nối cung cầu", "khu công nghiệp liên vùng",
    "dữ liệu đất đai", "phòng chống dịch bệnh", "trồng rừng phòng hộ", "lễ hội văn hóa",
)  # fmt: skip
_PLACES = ("huyện Bình An", "thị xã Tân Hòa", "xã Mỹ Đức", "phường Phú Lộc", "vùng biên", "khu Đông Giang")


@transaction.atomic
def big_plan(count: int, *, updates: int = 3, seed: int = 1, on: datetime.date | None = None) -> JointPlan:
    """Make the main plan: 12 areas, 40 agencies, `count` activities with `updates` accepted reports each.

    Dates lie around `on` (today): about half is completed, a tenth late, a tenth goes on without an end.
    """
    chance, today = random.Random(seed), on or timezone.localdate()
    plan = factories.make_plan(
        is_main=True, slug=f"lon-{count}", title=f"Kế hoạch thử {count}", signed_on=FIRST_DAY,
    )  # fmt: skip
    areas = [factories.make_area(plan, number) for number in range(1, AREAS + 1)]
    agencies = [factories.make_agency(is_demonstration=True) for _n in range(AGENCIES)]
    plan.agencies.set(agencies[:4])
    keys = writer.allocate(Activity, count)
    activities = [
        _activity(chance, number, key, areas, agencies, today) for number, key in enumerate(keys, start=1)
    ]
    writer.insert(Activity, activities)
    writer.insert(ProgressUpdate, _reports(chance, activities, updates, today))
    return plan


def after_bulk() -> None:
    """Let the database learn what it holds, as a used one has."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _activity(chance, number: int, key: int, areas: list[CooperationArea], agencies, today) -> dict:
    span = (today - FIRST_DAY).days
    start = FIRST_DAY + datetime.timedelta(days=chance.randrange(span))
    due = start + datetime.timedelta(days=chance.randrange(30, 900))
    kind = Activity.Kind.CONTINUOUS if chance.random() < 0.1 else Activity.Kind.ONE_OFF
    completed = due < today and kind == Activity.Kind.ONE_OFF and chance.random() < 0.85
    words = [chance.choice(_VERBS), chance.choice(_THINGS), chance.choice(_PLACES), f"đợt {number}"]
    if number % 3 == 0:
        words.insert(0, f"{COMMON}:")
    if number in (7, 41, 97):
        words.append(RARE)
    row = Activity(
        pk=key,
        area=chance.choice(areas),
        code=f"LON-{number:07}",
        title=" ".join(words),
        summary=f"Việc thử số {number}, mọi số liệu được đặt ra.",
        kind=kind,
        lead_agency=chance.choice(agencies),
        weight=chance.choice((1, 1, 1, 2, 3)),
        start_on=start,
        due_on=None if kind == Activity.Kind.CONTINUOUS else due,
        lifecycle=Activity.Lifecycle.COMPLETED if completed else Activity.Lifecycle.IN_PROGRESS,
        completed_on=min(due + datetime.timedelta(days=chance.randrange(-20, 20)), today)
        if completed
        else None,
    )
    row.prepare()
    return {field.attname: getattr(row, field.attname) for field in Activity._meta.concrete_fields}


def _reports(chance, activities: list[dict], updates: int, today) -> list[dict]:
    now, rows = timezone.now(), []
    keys = iter(writer.allocate(ProgressUpdate, updates * len(activities)))
    for activity in activities:
        days = max((today - activity["start_on"]).days, 1)
        for step in range(1, updates + 1):
            percent = None if activity["due_on"] is None else Decimal(chance.randrange(step * 25, step * 33))
            rows.append(
                {
                    "id": next(keys),
                    "activity_id": activity["id"],
                    "agency_id": activity["lead_agency_id"],
                    "effective_on": activity["start_on"]
                    + datetime.timedelta(days=days * step // (updates + 1)),
                    "percent": percent,
                    "results": f"Kết quả thử, lần {step}",
                    "status": ProgressUpdate.Status.ACCEPTED,
                    "decided_at": now,
                }
            )
    return rows
