"""Which stored records a row speaks of. Everything is looked up once, in six queries, then from dicts."""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from cooperation.models import CooperationArea, JointPlan, Province
from cooperation.permissions import CHANGE
from cooperation.text import fold
from enterprises.importing.values import ValueProblemError
from enterprises.models import MOU, Enterprise
from enterprises.models.mou import identity_key
from enterprises.names import core_key, name_key
from programs.models import Activity

_PROVINCE_PREFIXES = ("tinh ", "thanh pho ", "tp ")
_OLD_SUFFIXES = (" cu", " truoc day")


class Directory:
    """Provinces, areas, activities, enterprises and memoranda as a sheet's rows name them."""

    def __init__(self, plan: JointPlan, user):
        self.plan = plan
        self.areas = {area.number: area for area in CooperationArea.objects.filter(plan=plan)}
        for area in self.areas.values():
            area.plan = plan
        self._areas_by_title = {fold(area.title): area for area in self.areas.values()}
        self._provinces = defaultdict(list)
        for province in Province.objects.all():
            self._provinces[_bare_province(province.name)].append(province)
        self._activities = defaultdict(list)
        for activity in Activity.objects.filter(area__plan=plan):
            self._activities[fold(activity.title)].append(activity)
        self._by_tax_code: dict[str, Enterprise] = {}
        self._by_name: dict[tuple[str, int | None], Enterprise] = {}
        self._by_bare_name = defaultdict(list)
        self._by_core = defaultdict(list)
        for enterprise in Enterprise.objects.filter(is_demonstration=plan.is_demonstration):
            self._remember(enterprise)
        mous = MOU.objects.filter(plan=plan).select_related("party_a", "party_b")
        self.mous_by_number = {}
        self.mous_by_identity = {}
        for mou in mous:
            if mou.number:
                self.mous_by_number[fold(mou.number)] = mou
            self.mous_by_identity.setdefault(mou.identity_key, mou)
        self._writable = None
        if user is not None:
            self._writable = set(
                MOU.objects.for_user(user, CHANGE).filter(plan=plan).values_list("pk", flat=True)
            )

    def may_write(self, mou: MOU) -> bool:
        return self._writable is None or mou.pk in self._writable

    def area(self, named: int | str, typed: str) -> CooperationArea:
        """The area of that number or folded title; `typed` is the cell. Problem: unknown_area."""
        found = self.areas.get(named) if isinstance(named, int) else self._areas_by_title.get(named)
        if found is None:
            numbers = sorted(self.areas)
            valid = f"{numbers[0]} – {numbers[-1]}" if numbers else _("kế hoạch chưa có lĩnh vực")
            raise ValueProblemError(
                "unknown_area",
                _("Kế hoạch không có lĩnh vực “%(value)s”: hãy ghi số %(valid)s hoặc đúng tên lĩnh vực.")
                % {"value": typed, "valid": valid},
            )
        return found

    def province(self, named: str, on: date | None) -> Province:
        """The province of that name on the day of signing; "(cũ)" means the one that was merged away.

        Problem: unknown_province.
        """
        bare = _bare_province(named)
        old = next((suffix for suffix in _OLD_SUFFIXES if bare.endswith(suffix)), "")
        candidates = self._provinces.get(bare) or self._provinces.get(bare.removesuffix(old)) or []
        if old and not self._provinces.get(bare):
            candidates = [province for province in candidates if province.dissolved_on]
        elif len(candidates) > 1:
            candidates = [province for province in candidates if on and province.exists_on(on)] or candidates[
                :1
            ]
        if not candidates:
            raise ValueProblemError(
                "unknown_province",
                _("Không có tỉnh “%(value)s”: hãy ghi tên tỉnh như Long An, Tây Ninh.") % {"value": named},
            )
        return candidates[0]

    def activity(self, event: str | None) -> Activity | None:
        """The activity whose title is the event's name, where there is exactly one."""
        found = self._activities.get(fold(event), []) if event else []
        return found[0] if len(found) == 1 else None

    def enterprise(
        self, name: str, tax_code: str | None, province: Province | None
    ) -> tuple[Enterprise, str]:
        """Return the stored enterprise, or a new unsaved one; and the name of one that is near but not it."""
        key = name_key(name)
        if tax_code and tax_code in self._by_tax_code:
            return self._by_tax_code[tax_code], ""
        if province is not None:
            found = self._by_name.get((key, province.pk))
        else:
            same_name = self._by_bare_name[key]
            found = same_name[0] if len(same_name) == 1 else None
        if found is not None and not (tax_code and found.tax_code and found.tax_code != tax_code):
            return found, ""
        near = next(
            (
                other.name
                for other in self._by_core[core_key(name)]
                if other.province_id == (province and province.pk)
            ),
            "",
        )
        new = Enterprise(
            name=name,
            tax_code=tax_code or "",
            province=province,
            is_demonstration=self.plan.is_demonstration,
        )
        new.prepare()
        self._remember(new)
        return new, near

    def _remember(self, enterprise: Enterprise) -> None:
        if enterprise.tax_code:
            self._by_tax_code[enterprise.tax_code] = enterprise
        self._by_name.setdefault((enterprise.name_key, enterprise.province_id), enterprise)
        self._by_bare_name[enterprise.name_key].append(enterprise)
        self._by_core[core_key(enterprise.name)].append(enterprise)

    def mou(
        self, number: str | None, party_a: Enterprise, party_b: Enterprise, signed_on: date, content: str
    ) -> MOU | None:
        """The stored memorandum: by number within the plan, else by pair, day and content."""
        if number:
            return self.mous_by_number.get(fold(number))
        if party_a.pk and party_b.pk:
            return self.mous_by_identity.get(identity_key(party_a.pk, party_b.pk, signed_on, content))
        return None


def _bare_province(name: str) -> str:
    bare = fold(name)
    for prefix in _PROVINCE_PREFIXES:
        bare = bare.removeprefix(prefix)
    return bare
