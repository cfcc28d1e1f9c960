"""The areas of a plan as a sheet's rows name them."""

from django.utils.translation import gettext as _

from cooperation.importing.values import ValueProblemError, nearest, quoted
from cooperation.models import CooperationArea, JointPlan
from cooperation.text import fold


class Areas:
    def __init__(self, plan: JointPlan):
        areas = list(CooperationArea.objects.filter(plan=plan).order_by("number"))
        self._by_number = {area.number: area for area in areas}
        self._by_title = {fold(area.title): area for area in areas}
        self.keys = {area.pk: area for area in areas}

    def named(self, named: int | str, typed) -> CooperationArea:
        """The area of that number or folded title; `typed` is the cell. Problem: unknown_area."""
        found = self._by_number.get(named) if isinstance(named, int) else self._by_title.get(named)
        if found is not None:
            return found
        numbers = list(self._by_number)
        valid = f"{numbers[0]} – {numbers[-1]}" if numbers else _("kế hoạch chưa có lĩnh vực")
        message = _("Kế hoạch không có lĩnh vực “%(value)s”: hãy ghi số %(valid)s hoặc đúng tên lĩnh vực.")
        message %= {"value": quoted(typed), "valid": valid}
        near = nearest(named, [area.title for area in self.keys.values()]) if isinstance(named, str) else None
        if near:
            message += _(" Có phải “%(near)s”?") % {"near": self.label(self._by_title[fold(near)])}
        raise ValueProblemError("unknown_area", message)

    def label(self, area: CooperationArea | None) -> str:
        return f"{area.number}. {area.title}" if area else ""

    def label_of(self, pk: int | None) -> str:
        return self.label(self.keys.get(pk))
