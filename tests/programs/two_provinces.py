"""Two provinces at one plan, for what hangs on sides: who says what, and their merger."""

import datetime

from cooperation.succession import succeed
from programs.confirmation import counterpart_of
from programs.handing_over import hand_over
from tests.factories import make_activity, make_agency, make_area, make_plan, make_province, make_update

MERGER = datetime.date(2025, 7, 1)
EVE = datetime.date(2025, 6, 30)
DONE = datetime.date(2024, 5, 20)
DAY = datetime.date(2024, 6, 30)
TODAY = datetime.date(2026, 11, 23)


class World:
    """Two provinces, each with a department and a unit of it, and a plan that both departments signed."""

    def __init__(self):
        self.a = make_province("Lộc An")
        self.b = make_province("Thanh Ninh")
        self.office_a = make_agency("Sở A", province=self.a)
        self.office_b = make_agency("Sở B", province=self.b)
        self.unit_a = make_agency("Phòng A", parent=self.office_a, province=self.a)
        self.unit_b = make_agency("Phòng B", parent=self.office_b)
        self.plan = make_plan(is_main=True)
        self.plan.agencies.add(self.office_a, self.office_b)
        self.area = make_area(self.plan)
        self.activity = self.make()

    def make(self, lead="office_a", partners=("office_b",), **kwargs):
        activity = make_activity(self.area, lead_agency=lead and getattr(self, lead), **kwargs)
        activity.partner_agencies.add(*(getattr(self, name) for name in partners))
        return activity

    def say(self, body, percent=100, on=DAY, done=None, activity=None, **kwargs):
        body = getattr(self, body)
        activity = activity or self.activity
        return make_update(
            activity,
            percent,
            on,
            agency=body,
            completed_on=done,
            is_counterpart=counterpart_of(activity, body, on),
            **kwargs,
        )

    def merge(self, provinces=True):
        self.new = make_province("Thanh Ninh", valid_from=MERGER)
        self.office = make_agency("Sở mới", province=self.new, valid_from=MERGER)
        if provinces:
            succeed(self.new, [self.a, self.b], MERGER, document="NQ")
        succeed(self.office, [self.office_a, self.office_b], MERGER, document="NQ")
        hand_over([self.office_a, self.office_b], today=TODAY, document="NQ")
        self.activity.refresh_from_db()
