"""Roles, and the one question: which rows may this user read or write.

Every list of rows that staff see starts from `for_user()`; every public page from `published()`.
"Own rows" are rows of bodies whose acting successor today is the user's agency or one of its sub-units:
rights follow a merger, records do not.

What should hold is declared here as a matrix: `ROLES` says which role may do what, `SCOPES` who reads, writes
and restores a row by where it stands. `allowed()` reads the two tables and asks no database, so that
tests/matrix/ can compare it with what the query sets and every page really do.
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
KEEP_AND_DELETE = (*KEEP, "delete")

# Model → actions. Reference data is kept by those who run the system and read by all of staff.
REFERENCE = {
    "cooperation.province": READ,
    "cooperation.agency": READ,
    "cooperation.agreement": EXPORT,
    "cooperation.jointplan": EXPORT,
    "cooperation.cooperationarea": EXPORT,
    "cooperation.source": READ,
    "cooperation.backgroundfact": READ,
    "programs.program": EXPORT,
    "programs.reportingperiod": EXPORT,
    "programs.periodreport": READ,
    "programs.snapshot": EXPORT,
    "programs.erratum": EXPORT,
    "programs.indicator": EXPORT,
    "programs.indicatorvalue": EXPORT,
}
RECORDS = {
    **REFERENCE,
    "programs.activity": EXPORT,
    "programs.milestone": EXPORT,
    "programs.schedulechange": EXPORT,
    "programs.suspension": EXPORT,
    "programs.progressupdate": EXPORT,
    "programs.evidence": READ,
    "programs.handover": READ,
    "enterprises.enterprise": EXPORT,
    "enterprises.mou": EXPORT,
}
REPORTING = {
    **RECORDS,
    "programs.milestone": KEEP_AND_DELETE,
    "programs.schedulechange": KEEP_AND_DELETE,
    "programs.suspension": KEEP_AND_DELETE,
    "programs.progressupdate": KEEP_AND_DELETE,
    "programs.evidence": ("view", "add", "change", "delete"),
    "programs.indicatorvalue": KEEP,
    "programs.periodreport": ("view", "add"),
    "programs.explanationrequest": ("view", "answer"),
}

# Role (group name) → model → actions. The scope of the rows comes on top, from `for_user()`.
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "Chuyên viên": {
        **REPORTING,
        "programs.activity": (*KEEP, "import"),
        "cooperation.importbatch": READ,
    },
    "Người duyệt": {
        **REPORTING,
        "programs.activity": KEEP_AND_DELETE,
        "programs.progressupdate": (*KEEP_AND_DELETE, "accept"),
        "programs.reportingperiod": ("view", "export", "seal"),
    },
    "Nhập liệu": {
        **RECORDS,
        "enterprises.enterprise": (*KEEP, "import"),
        "enterprises.mou": (*KEEP_AND_DELETE, "import"),
        "enterprises.enterprisemerge": READ,
        "cooperation.importbatch": READ,
        "cooperation.columnmapping": READ,
    },
    "Lãnh đạo": {
        **RECORDS,
        "cooperation.importbatch": READ,
        "programs.explanationrequest": ("view", "add", "export"),
    },
    "Quản trị đơn vị": {
        **RECORDS,
        "cooperation.importbatch": READ,
        "cooperation.user": ("view", "add", "change"),
    },
    "Quản trị hệ thống": {
        **dict.fromkeys(RECORDS, PERMISSIONS),
        "programs.progressupdate": (*PERMISSIONS, "accept"),
        "programs.evidence": ("view", "add", "change", "delete"),
        "programs.reportingperiod": (*PERMISSIONS, "seal"),
        "programs.periodreport": ("view", "add"),
        "programs.snapshot": EXPORT,
        "programs.erratum": EXPORT,
        "programs.handover": READ,
        "programs.explanationrequest": ("view", "add", "answer", "export"),
        "cooperation.importbatch": READ,
        "cooperation.columnmapping": ("view", "delete"),
        "cooperation.user": ("view", "add", "change"),
        "enterprises.enterprisemerge": READ,
    },
}
READS_ALL_AGENCIES = "Lãnh đạo"
KEEPS_ACCOUNTS = "Quản trị đơn vị"
RUNS_THE_SYSTEM = "Quản trị hệ thống"
# What an agency's own administrator may give; whoever has more is beyond them.
ORDINARY_ROLES = ("Chuyên viên", "Người duyệt", "Nhập liệu", "Lãnh đạo", KEEPS_ACCOUNTS)

# Models whose rows belong to agencies; the rows of all others are shared by all of staff.
OWNED = frozenset(
    {
        "cooperation.columnmapping",
        "cooperation.importbatch",
        "cooperation.user",
        "enterprises.mou",
        "programs.activity",
        "programs.evidence",
        "programs.explanationrequest",
        "programs.handover",
        "programs.milestone",
        "programs.periodreport",
        "programs.progressupdate",
        "programs.schedulechange",
        "programs.suspension",
    }
)

# Where a row can stand, seen from a member of staff → who reads it, who writes it, who restores it.
# "A": staff of the agency itself; "L": leaders; "S": those who run the system. The role needs the
# permission as well: "ALS" of a shared row means that `ROLES` alone decides.
SCOPES: dict[str, tuple[str, str, str]] = {
    # scope                 reads  writes restores
    "own": ("ALS", "AS", ""),  # of the own agency
    "unit": ("ALS", "AS", ""),  # of a unit below it
    "predecessor": ("ALS", "AS", ""),  # of an agency that was merged into it
    "partner": ("ALS", "S", ""),  # of another agency, in work that the own agency takes part in
    "neighbour": ("LS", "S", ""),  # of another agency of the own province
    "foreign": ("LS", "S", ""),  # of another province
    "unpublished": ("ALS", "AS", ""),  # of the own agency, not public
    "deleted": ("", "", "AS"),  # of the own agency, in the bin
    "deleted foreign": ("", "", "S"),  # of another province, in the bin
    "stronger": ("", "", ""),  # an account of the own agency that may do more than one's own
    "shared": ("ALS", "ALS", ""),
    "shared unpublished": ("ALS", "ALS", ""),
    "shared deleted": ("", "", "ALS"),
}
# A write that does not follow the table: whoever asks for an explanation needs to read the work only.
_APART = {("programs.explanationrequest", "add"): {scope: row[0] for scope, row in SCOPES.items()}}
_READING = {"view", "export"}


def acts_as(role: str) -> str:
    """The letter of `SCOPES` that a role stands for."""
    return {READS_ALL_AGENCIES: "L", RUNS_THE_SYSTEM: "S"}.get(role, "A")


def allowed(role: str, model_label: str, action: str, scope: str) -> bool:
    """Whether `role` may do `action` to a row of the model that stands in `scope`; "restore" needs "delete".

    A role that `ROLES` does not name, such as "" for staff without one, may do nothing.
    """
    permission = "delete" if action == "restore" else action
    if permission not in ROLES.get(role, {}).get(model_label, ()):
        return False
    who = acts_as(role)
    if apart := _APART.get((model_label, action)):
        return who in apart.get(scope, "")
    reads, writes, restores = SCOPES[scope]
    if action == "restore":
        return who in restores
    return who in (reads if action in _READING else writes)


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


def role_names(user) -> frozenset[str]:
    """The roles of `user`; one query, once per user object."""
    cached = getattr(user, "_role_names", None)
    if cached is None:
        cached = user._role_names = frozenset(user.groups.values_list("name", flat=True))
    return cached


def reads_all(user) -> bool:
    """True for roles that read every agency's rows of a plan and write none."""
    return READS_ALL_AGENCIES in role_names(user)


def runs_the_system(user) -> bool:
    """True for those whose rows are all rows."""
    return user.is_superuser or RUNS_THE_SYSTEM in role_names(user)


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
        if runs_the_system(user):
            return self.all()
        own = self.owned_by(agency_ids(user), action)
        if own is None:
            return self.all()
        if action == VIEW and reads_all(user):
            return self.all()
        if reads_all(user):
            return self.none()
        return self.filter(own).distinct()
