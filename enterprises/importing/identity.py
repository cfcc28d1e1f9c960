"""Which stored records a row speaks of. Everything is looked up once, in a few queries, then from dicts."""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from cooperation.models import CooperationArea, JointPlan, Province
from cooperation.permissions import CHANGE
from cooperation.text import fold
from enterprises.importing.values import ValueProblemError, quoted
from enterprises.models import MOU, Enterprise
from enterprises.models.mou import identity_key
from enterprises.names import core_key, name_key
from programs.models import Activity

_PROVINCE_PREFIXES = ("tinh ", "thanh pho ", "tp ")
_OLD_SUFFIXES = (" cu", " truoc day")


def importable_plans(user, plans):
    """The plans among `plans` that `user` may bring memoranda into."""
    if not user.has_perm("enterprises.import_mou"):
        return plans.none()
    return plans.written_by(user)


def same_enterprise(one: Enterprise, other: Enterprise) -> bool:
    """True where both are one enterprise: by tax code, else by name where nothing tells them apart."""
    if one is other or (one.pk and one.pk == other.pk):
        return True
    if one.tax_code and other.tax_code:
        return one.tax_code == other.tax_code
    return one.name_key == other.name_key and (
        one.province_id == other.province_id or None in (one.province_id, other.province_id)
    )


class Directory:
    """Provinces, areas, activities, enterprises and memoranda as a sheet's rows name them.

    `user` limits what may be written; None is the machine's operator.
    """

    def __init__(self, plan: JointPlan, user):
        self.plan = plan
        self.areas = {area.number: area for area in CooperationArea.objects.filter(plan=plan)}
        for area in self.areas.values():
            area.plan = plan
        self._areas_by_title = {fold(area.title): area for area in self.areas.values()}
        provinces = {province.pk: province for province in Province.objects.all()}
        self._provinces = defaultdict(list)
        for province in provinces.values():
            self._provinces[_bare_province(province.name)].append(province)
        self._line = {pk: _line(province, provinces) for pk, province in provinces.items()}
        self._activities = defaultdict(list)
        for activity in Activity.objects.filter(area__plan=plan):
            self._activities[fold(activity.title)].append(activity)
        self._by_tax_code: dict[str, Enterprise] = {}
        self._typed_codes: dict[int, str] = {}
        self._by_name: dict[tuple[str, int | None], list[Enterprise]] = defaultdict(list)
        self._by_bare_name: dict[str, list[Enterprise]] = defaultdict(list)
        self._by_core: dict[str, list[Enterprise]] = defaultdict(list)
        for enterprise in Enterprise.objects.filter(is_demonstration=plan.is_demonstration):
            self.remember(enterprise)
        self._mous_by_number: dict[str, MOU] = {}
        self._mous_by_identity: dict[str, MOU] = {}
        for mou in (
            MOU.objects.filter(plan=plan)
            .select_related("area", "party_a", "party_b")
            .order_by("number", "pk")
        ):
            if mou.number:
                self._mous_by_number[fold(mou.number)] = mou
            self._mous_by_identity.setdefault(mou.identity_key, mou)
        self.may_create, self._writable = True, None
        if user is not None:
            self.may_create = importable_plans(user, JointPlan.objects.filter(pk=plan.pk)).exists()
            own = (
                MOU.objects.for_user(user, CHANGE).filter(plan=plan)
                if self.may_create
                else MOU.objects.none()
            )
            self._writable = set(own.values_list("pk", flat=True))

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
                % {"value": quoted(typed), "valid": valid},
            )
        return found

    def province(self, named: str, on: date | None) -> Province:
        """The province of that name on the day of signing; "(cũ)" means the one that was merged away.

        `on` is None where the row's date is faulty. Problem: unknown_province.
        """
        bare = _bare_province(named)
        old = next((suffix for suffix in _OLD_SUFFIXES if bare.endswith(suffix)), "")
        candidates = self._provinces.get(bare, [])
        if old and not candidates:
            same_name = self._provinces.get(bare.removesuffix(old), [])
            candidates = [province for province in same_name if province.dissolved_on]
        elif len(candidates) > 1:
            candidates = [province for province in candidates if on and province.exists_on(on)] or candidates
        if not candidates:
            raise ValueProblemError(
                "unknown_province",
                _("Không có tỉnh “%(value)s”: hãy ghi tên tỉnh như Long An, Tây Ninh.")
                % {"value": quoted(named)},
            )
        return candidates[0]

    def activity(self, event: str | None) -> Activity | None:
        """The activity whose title is the event's name, where there is exactly one."""
        found = self._activities.get(fold(event), []) if event else []
        return found[0] if len(found) == 1 else None

    def enterprise(self, name: str, tax_code: str, province: Province | None) -> tuple[Enterprise, str]:
        """Return the stored enterprise, or a new unsaved one; and the name of one that is near but not it.

        Problem: possible_duplicate, where several bear the name and nothing tells them apart.
        """
        if tax_code and tax_code in self._by_tax_code:
            return self._by_tax_code[tax_code], ""
        key = name_key(name)
        if province is not None:
            same_name = self._by_name.get((key, province.pk), [])
        else:
            same_name = self._by_bare_name.get(key, [])
        if tax_code:
            # One that has no code yet may be it, but not for two different codes.
            same_name = [
                known
                for known in same_name
                if not known.tax_code and self._typed_codes.setdefault(id(known), tax_code) == tax_code
            ]
        if len(same_name) > 1 and province is None:
            raise ValueProblemError(
                "possible_duplicate",
                _("Có %(count)d doanh nghiệp cùng tên “%(name)s”: hãy ghi tỉnh hoặc mã số thuế.")
                % {"count": len(same_name), "name": quoted(name)},
            )
        if same_name:
            return same_name[0], ""
        new = Enterprise(
            name=name, tax_code=tax_code, province=province, is_demonstration=self.plan.is_demonstration
        )
        new.prepare()
        return new, self._near(new)

    def _near(self, new: Enterprise) -> str:
        """The name of one that may be the same: legal form and tax code aside, before or after a merger."""
        home = new.province_id
        for other in self._by_core.get(core_key(new.name), []):
            there = other.province_id
            if None in (home, there) or home in self._line[there] or there in self._line[home]:
                return other.name
        return ""

    def remember(self, enterprise: Enterprise) -> None:
        """Let later rows find it; a new one only once a row that is accepted brings it."""
        if enterprise in self._by_bare_name[enterprise.name_key]:
            return
        if enterprise.tax_code:
            self._by_tax_code[enterprise.tax_code] = enterprise
        self._by_name[enterprise.name_key, enterprise.province_id].append(enterprise)
        self._by_bare_name[enterprise.name_key].append(enterprise)
        self._by_core[core_key(enterprise.name)].append(enterprise)

    def mou(
        self, number: str | None, party_a: Enterprise, party_b: Enterprise, signed_on: date, content: str
    ) -> MOU | None:
        """The stored memorandum: by number within the plan, else by pair, day and content.

        A row with a new number is the stored memorandum that has no number yet, never one with another.
        """
        if number and (found := self._mous_by_number.get(fold(number))):
            return found
        if party_a.pk is None or party_b.pk is None:
            return None
        found = self._mous_by_identity.get(identity_key(party_a.pk, party_b.pk, signed_on, content))
        return None if found is not None and number and found.number else found


def _bare_province(name: str) -> str:
    bare = fold(name)
    for prefix in _PROVINCE_PREFIXES:
        bare = bare.removeprefix(prefix)
    return bare


def _line(province: Province, provinces: dict[int, Province]) -> set[int]:
    """The ids of the province and of those that it was merged into, one after the other."""
    line = {province.pk}
    while province.successor_id and province.successor_id not in line:
        province = provinces[province.successor_id]
        line.add(province.pk)
    return line
