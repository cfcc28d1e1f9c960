"""The figures of today, kept by every write so that a page need not count them: derived, never edited.

Sums are stored, exact, as text ("numerator/denominator"); means and labels are made when they are read.
`programs/standings/` keeps and reads them; `manage.py rebuild_standings --check` finds what went past it.
No foreign key binds in the database: a derived row never stands in the way of a write.
"""

from fractions import Fraction

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.models import Agency, CooperationArea, JointPlan
from programs.models.activity import Activity


class FractionField(models.TextField):
    """An exact fraction, kept as "n/d": the sums over many activities outgrow every number of a database."""

    def from_db_value(self, value, expression, connection):
        return None if value is None else Fraction(value)

    def to_python(self, value):
        return value if value is None or isinstance(value, Fraction) else Fraction(value)

    def get_prep_value(self, value):
        return None if value is None else str(Fraction(value))


def _to(model, **kwargs):
    return models.ForeignKey(model, on_delete=models.CASCADE, related_name="+", db_constraint=False, **kwargs)


class KeptStandings(models.Model):
    """That a plan's standings are kept: the day they are of, and what else the figures hang on.

    Its row is the lock: who changes a plan's standings holds it.
    """

    plan = models.OneToOneField(
        JointPlan, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    on = models.DateField()
    published = models.BooleanField()
    signed_on = models.DateField(null=True)
    period_start_on = models.DateField(null=True)
    period_end_on = models.DateField(null=True)
    thresholds = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("số liệu hiện thời của kế hoạch")
        verbose_name_plural = _("số liệu hiện thời của kế hoạch")
        default_permissions = ()


class LeafStanding(models.Model):
    """One public activity as of the day of its plan's standings (KeptStandings.on).

    Planned is `planned_base` + `planned_slope` × the ordinal of the day, until `next_change_on`, the next day
    on which anything of the row changes by the calendar alone; without `has_planned` it is the percent that
    stands in (R7). `due_on` is the earliest open date: how many
    days late follows from it.
    """

    activity = models.OneToOneField(
        Activity, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    plan = _to(JointPlan, db_index=False)
    area = _to(CooperationArea, db_index=False)
    agency = _to(Agency, null=True, db_index=False)
    weight = models.PositiveIntegerField()
    percent = FractionField(null=True)
    planned_base = FractionField(null=True)
    planned_slope = FractionField()
    has_planned = models.BooleanField()
    in_plan = models.BooleanField()
    countable = models.BooleanField()
    cancelled = models.BooleanField()
    completed = models.BooleanField()
    reported = models.BooleanField()
    expected = models.BooleanField()
    # Countable and due in the past, not done.
    overdue = models.BooleanField()
    # Countable, not completed, not stopped.
    open = models.BooleanField()
    due_on = models.DateField(null=True)
    # Within how many days the earliest open date falls: 30, 60, 90; 0 for later, past or none.
    due_within = models.PositiveSmallIntegerField()
    last_report_on = models.DateField(null=True)
    next_change_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("số liệu hiện thời của hoạt động")
        verbose_name_plural = _("số liệu hiện thời của hoạt động")
        default_permissions = ()
        indexes = [
            models.Index(fields=("plan", "next_change_on"), name="leaf_standing_next"),
            models.Index(
                fields=("plan", "due_on", "activity"), condition=Q(overdue=True), name="leaf_standing_overdue"
            ),
            models.Index(
                fields=("plan", "due_on", "activity"), condition=Q(open=True), name="leaf_standing_open"
            ),
            models.Index(
                fields=("plan", "-last_report_on", "-activity"),
                condition=Q(in_plan=True),
                name="leaf_standing_recent",
            ),
            models.Index(
                fields=("agency", "due_on"), condition=Q(overdue=True), name="leaf_standing_agency_late"
            ),
            models.Index(
                fields=("area", "due_on"), condition=Q(overdue=True), name="leaf_standing_area_late"
            ),
            models.Index(
                fields=("agency", "-last_report_on"),
                condition=Q(in_plan=True),
                name="leaf_standing_agency_newest",
            ),
            models.Index(
                fields=("area", "-last_report_on"),
                condition=Q(in_plan=True, countable=False, cancelled=False),
                name="leaf_standing_goes_on",
            ),
        ]

    def __str__(self):
        return str(self.activity_id)


class AreaStanding(models.Model):
    """The sums of an area's activities; its figure is made from them by the rule (R3 to R8).

    `late_since` is the earliest date that was missed, `last_activity_on` the last day of what goes on.
    """

    area = models.OneToOneField(
        CooperationArea, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    plan = _to(JointPlan)
    weight = models.PositiveBigIntegerField(default=0)
    weighted = FractionField(default=Fraction)
    planned_base = FractionField(default=Fraction)
    planned_slope = FractionField(default=Fraction)
    with_planned = models.PositiveIntegerField(default=0)
    countable = models.PositiveIntegerField(default=0)
    continuous = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    reported = models.PositiveIntegerField(default=0)
    unreported = models.PositiveIntegerField(default=0)
    last_activity_on = models.DateField(null=True)
    late_since = models.DateField(null=True)

    class Meta:
        verbose_name = _("số liệu hiện thời của lĩnh vực")
        verbose_name_plural = _("số liệu hiện thời của lĩnh vực")
        default_permissions = ()

    def __str__(self):
        return str(self.area_id)


class AgencyStanding(models.Model):
    """What an agency has to do in a plan, or what nobody leads. `unreported`: never; `owing`: nothing in the
    reporting period.

    `due_60` holds what is due within 30 days too; `late_since` is the earliest date that was missed,
    `newest_on` the last day that anything of it was heard of.
    """

    plan = _to(JointPlan)
    agency = _to(Agency, null=True)
    countable = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    open = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    unreported = models.PositiveIntegerField(default=0)
    owing = models.PositiveIntegerField(default=0)
    due_30 = models.PositiveIntegerField(default=0)
    due_60 = models.PositiveIntegerField(default=0)
    due_90 = models.PositiveIntegerField(default=0)
    late_since = models.DateField(null=True)
    newest_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("số liệu hiện thời của cơ quan")
        verbose_name_plural = _("số liệu hiện thời của cơ quan")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="agency_standing_once", fields=("plan", "agency")),
        ]

    def __str__(self):
        return f"{self.plan_id} · {self.agency_id}"
