"""A database of any size with records of every kind, for measuring search and lists. All of it is made up."""

import datetime
import random

from django.utils import timezone

from cooperation.importing import writer
from cooperation.models import Agency, Agreement, Source
from enterprises.models import MOU, Enterprise
from enterprises.names import name_key
from programs.models import Program
from tests import factories
from tests.benchmarks.big_plan import after_bulk, big_plan

_FIRMS = ("Công ty TNHH", "Công ty cổ phần", "Hợp tác xã", "Doanh nghiệp tư nhân", "Tập đoàn")
_TRADES = ("Nông sản", "Du lịch", "Vận tải", "Thủy sản", "May mặc", "Xây dựng", "Cơ khí", "Dược liệu")
_NAMES = ("Thành Đạt", "Hòa Bình", "Phú Lộc", "Minh Anh", "Đại Dương", "Tân Tiến", "Hồng Phát", "Mỹ Lợi")


def many_records(count: int, *, seed: int = 2):
    """Make `count` records: 60 of 100 activities, 20 memoranda, 12 firms, 5 programmes, 2 sources, 1 agency.

    Returns the main plan.
    """
    chance = random.Random(seed)
    plan = big_plan(count * 60 // 100, updates=0)
    areas = list(plan.areas.order_by("number"))
    provinces = [factories.make_province(f"Tỉnh thử {n}") for n in range(8)]
    agencies = _put(Agency, count // 100, lambda n: _agency(n, chance, provinces))
    plan.agencies.add(*(agency.pk for agency in agencies[:2]))
    firms = _put(Enterprise, max(count * 12 // 100, 2), lambda n: _firm(n, chance, provinces))
    _put(MOU, count * 20 // 100, lambda n: _mou(n, chance, plan, areas, firms))
    _put(Program, count * 5 // 100, lambda n: _program(n, chance, areas, agencies))
    _put(Source, count // 50, lambda n: _source(n, chance))
    _put(Agreement, 40, lambda n: _agreement(n, chance))
    after_bulk()
    return plan


def _put(model, count: int, make) -> list:
    """Insert `count` records made by `make(number)`, as an import does."""
    rows = []
    for number, key in enumerate(writer.allocate(model, count), start=1):
        record = make(number)
        record.pk = key
        record.prepare()
        rows.append(record)
    fields = model._meta.concrete_fields
    writer.insert(model, [{field.attname: getattr(row, field.attname) for field in fields} for row in rows])
    return rows


def _agency(number, chance, provinces):
    return Agency(
        slug=f"co-quan-thu-{number}",
        name=f"Chi cục {chance.choice(_TRADES)} thử {number}",
        short_name=f"CC{number}",
        kind=chance.choice(Agency.Kind.values),
        province=chance.choice(provinces),
    )


def _firm(number, chance, provinces):
    name = f"{chance.choice(_FIRMS)} {chance.choice(_TRADES)} {chance.choice(_NAMES)} {number}"
    return Enterprise(name=name, name_key=name_key(name), province=chance.choice(provinces))


def _mou(number, chance, plan, areas, firms):
    first, second = chance.sample(firms, 2)
    return MOU(
        plan=plan,
        area=chance.choice(areas),
        number=f"BGN-{number:06}",
        signed_on=datetime.date(2019, 5, 17) + datetime.timedelta(days=chance.randrange(2000)),
        party_a=first,
        party_b=second,
        products=f"{chance.choice(_TRADES)} {chance.choice(_NAMES)}",
        content=f"Cung cấp {chance.choice(_TRADES).lower()} cho {chance.choice(_NAMES)}, số liệu thử.",
        status=chance.choice(MOU.Status.values),
    )


def _program(number, chance, areas, agencies):
    return Program(
        area=chance.choice(areas),
        code=f"CT-{number:05}",
        title=f"Chương trình {chance.choice(_TRADES).lower()} {chance.choice(_NAMES)} {number}",
        lead_agency=chance.choice(agencies),
    )


def _source(number, chance):
    return Source(
        code=f"N{number}",
        publisher="Báo thử",
        title=f"Tin thử {number} về {chance.choice(_TRADES).lower()}",
        dated_on=timezone.localdate() - datetime.timedelta(days=number),
    )


def _agreement(number, chance):
    return Agreement(
        slug=f"thoa-thuan-thu-{number}",
        number=f"{number}/TT-THU",
        title=f"Thỏa thuận thử {number} về {chance.choice(_TRADES).lower()}",
        signed_on=datetime.date(2018, 1, 1) + datetime.timedelta(days=number),
    )
