"""Sides: the province that an agency stands for on a day, which a merger changes."""

import datetime

from cooperation.models import Agency, Province
from cooperation.succession import Lineage

CENTRAL = (Agency.Kind.MINISTRY, Agency.Kind.CENTRAL_AUTHORITY)


class Sides:
    """Which province an agency stands for on a day. Two queries, for any number of questions."""

    def __init__(self):
        self.agencies, self.provinces = Lineage.of(Agency), Lineage.of(Province)
        self._known: dict[tuple, Province | None] = {}

    def of(self, agency_id: int | None, on: datetime.date) -> Province | None:
        """The province of the body at the head of its line, as both are on that day: a unit of a merged
        department stands on the successor's side. None for a central authority."""
        if agency_id is None:
            return None
        if (agency_id, on) not in self._known:
            self._known[agency_id, on] = self._find(agency_id, on)
        return self._known[agency_id, on]

    def _find(self, agency_id, on):
        body, province, seen = self.agencies.acting(agency_id, on), None, set()
        while body.pk not in seen:
            seen.add(body.pk)
            province = body.province_id or province
            if body.parent_id is None:
                break
            parent = self.agencies.acting(body.parent_id, on)
            if parent.kind in CENTRAL:
                break
            body = parent
        return self.provinces.acting(province, on) if province else None

    def turning_days(self, until: datetime.date) -> list[datetime.date]:
        days = {*self.agencies.turning_days(until), *self.provinces.turning_days(until)}
        return sorted(days, reverse=True)
