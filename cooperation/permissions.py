"""Roles, and the one question: which rows may this user read or write.

Every list of rows that staff see starts from `for_user()`; every public page from `published()`.
"Own rows" are rows of bodies whose acting successor today is the user's agency or one of its sub-units:
rights follow a merger, records do not.
"""

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

# What Django makes for every model that staff keep: the four of Django, and who may take data in and out.
PERMISSIONS = ("add", "change", "delete", "view", "import", "export")

VIEW = "view"
CHANGE = "change"

READ = ("view",)
EXPORT = ("view", "export")
KEEP = ("view", "add", "change", "export")

REFERENCE = {
    "cooperation.province": READ,
    "cooperation.agency": READ,
    "cooperation.agreement": EXPORT,
    "cooperation.jointplan": EXPORT,
    "cooperation.cooperationarea": EXPORT,
    "cooperation.source": READ,
    "cooperation.backgroundfact": READ,
    "programs.program": EXPORT,
    "programs.reportingperiod": READ,
    "programs.snapshot": READ,
    "programs.indicator": EXPORT,
    "programs.indicatorvalue": EXPORT,
}
RECORDS = {
    **REFERENCE,
    "programs.activity": EXPORT,
    "programs.milestone": EXPORT,
    "programs.progressupdate": EXPORT,
    "programs.evidence": READ,
    "enterprises.enterprise": EXPORT,
    "enterprises.mou": EXPORT,
}

# Role (group name) → model → actions. The scope of the rows comes on top, from `for_user()`.
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "Chuyên viên": {
        **RECORDS,
        "programs.activity": (*KEEP, "import"),
        "cooperation.importbatch": READ,
        "programs.milestone": KEEP,
        "programs.progressupdate": KEEP,
        "programs.evidence": ("view", "add", "change"),
        "programs.indicatorvalue": KEEP,
    },
    "Người duyệt": {
        **RECORDS,
        "programs.activity": KEEP,
        "programs.milestone": KEEP,
        "programs.progressupdate": (*KEEP, "accept"),
        "programs.evidence": ("view", "add", "change"),
        "programs.indicatorvalue": KEEP,
    },
    "Nhập liệu": {
        **RECORDS,
        "enterprises.enterprise": (*KEEP, "import"),
        "enterprises.mou": (*KEEP, "import"),
        "enterprises.enterprisemerge": READ,
        "cooperation.importbatch": READ,
        "cooperation.columnmapping": READ,
    },
    "Lãnh đạo": {**RECORDS, "cooperation.importbatch": READ},
}
READS_ALL_AGENCIES = "Lãnh đạo"


def agency_ids(user) -> frozenset[int]:
    """Return the ids of the agencies whose rows are `user`'s own; one query, once per user object."""
    cached = getattr(user, "_agency_ids", None)
    if cached is not None:
        return cached
    ids = line = frozenset()
    if user.agency_id:
        agency_model = user._meta.get_field("agency").related_model
        acting = agency_model.objects.acting_map(localdate())
        home = acting[user.agency_id].pk
        parents = {acting[pk].pk: acting[pk].parent_id for pk in acting}
        mine = {home}
        grew = True
        while grew:
            units = {
                pk
                for pk, parent in parents.items()
                if parent and acting[parent].pk in mine and pk not in mine
            }
            mine |= units
            grew = bool(units)
        ids = frozenset(pk for pk, body in acting.items() if body.pk in mine)
        above, parent = {home}, parents[home]
        while parent and acting[parent].pk not in above:
            above.add(acting[parent].pk)
            parent = parents[acting[parent].pk]
        line = ids | {pk for pk, body in acting.items() if body.pk in above}
    user._agency_ids, user._agency_line = ids, line
    return ids


def agency_line(user) -> frozenset[int]:
    """`agency_ids` and those above them: a unit works under the plans that its department signed."""
    agency_ids(user)
    return user._agency_line


def home_agency(user):
    """The agency that new rows of `user` belong to: today's successor of the one on the account, or None."""
    return user.agency.acting_on(localdate()) if user.agency_id else None


def reads_all(user) -> bool:
    """True for roles that read every agency's rows of a plan and write none."""
    cached = getattr(user, "_reads_all", None)
    if cached is None:
        cached = user._reads_all = user.groups.filter(name=READS_ALL_AGENCIES).exists()
    return cached


class ScopedQuerySet(models.QuerySet):
    """Rows limited to what a member of staff may see or write.

    A subclass overrides `owned_by` where its rows belong to agencies; where it does not, the rows are
    reference data: all of staff read them, and the model's permissions decide who writes.
    """

    def owned_by(self, agencies: frozenset[int], action: str) -> Q | None:
        return None

    def for_user(self, user, action: str = VIEW):
        """Rows that `user` may see (`VIEW`) or write (`CHANGE`). Nobody but active staff has any."""
        if not (user.is_authenticated and user.is_active and user.is_staff):
            return self.none()
        if user.is_superuser:
            return self.all()
        own = self.owned_by(agency_ids(user), action)
        if own is None:
            return self.all()
        if action == VIEW and reads_all(user):
            return self.all()
        if reads_all(user):
            return self.none()
        return self.filter(own).distinct()
