"""Addresses of the rows behind the board's numbers, of the day that the board shows."""

import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate

from cooperation.models import Agency, CooperationArea, JointPlan, Province

# Stands for a body or a side where there is none.
NOBODY = "khong-neu"


class Links:
    def __init__(self, plan: JointPlan, on: datetime.date):
        self.plan = plan
        self._day = {} if on == localdate() else {"as_of": on.isoformat()}

    def _address(self, name: str, **asked) -> str:
        query = {key: value for key, value in {**asked, **self._day}.items() if value is not None}
        return f"{reverse(name, kwargs=self.plan.url_kwargs)}?{urlencode(query)}"

    def activities(
        self,
        group: str,
        area: CooperationArea | None = None,
        agency: Agency | bool | None = None,
        province: Province | bool | None = None,
    ) -> str:
        """The activities of a group; False asks for those of no agency, of no side."""
        return self._address(
            "board-activities",
            nhom=group,
            linh_vuc=area and area.number,
            co_quan=NOBODY if agency is False else agency and agency.slug,
            tinh=NOBODY if province is False else province and province.slug,
        )

    def memoranda(self, stage: str, area: CooperationArea | None = None, year: int | None = None) -> str:
        return self._address("board-memoranda", buoc=stage, linh_vuc=area and area.number, nam=year)

    def area_on(self, area: CooperationArea, day: datetime.date) -> str:
        """The area's own page as of a day; nothing where it has none."""
        if not area.published:
            return ""
        return f"{area.get_absolute_url()}?as_of={day.isoformat()}"
