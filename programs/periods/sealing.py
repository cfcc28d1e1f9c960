"""Chốt số liệu: stores the figures of a closed period with the rule's version and all that they rest on."""

from collections import defaultdict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation.models import CooperationArea
from cooperation.permissions import agency_line, reads_all, runs_the_system
from programs.facts import FactsOverTime, published_of
from programs.figures import thresholds_in_force
from programs.measures import Period
from programs.models import ReportingPeriod, Snapshot
from programs.periods.content import FORMAT, canonical, encode, leaf_entry, sha256
from programs.periods.locking import hold_plan
from programs.periods.sending import Owed, owed_reports
from programs.progress import RULE_VERSION, area_figure, headline, leaf_figure


def may_seal(period: ReportingPeriod, user) -> bool:
    """The permission, and an agency of one's own line among those that signed the plan."""
    if not (user.is_active and user.is_staff and user.has_perm("programs.seal_reportingperiod")):
        return False
    if runs_the_system(user):
        return True
    return not reads_all(user) and period.plan.agencies.filter(pk__in=agency_line(user)).exists()


@transaction.atomic
def seal(*, period: ReportingPeriod, user, incomplete_reason: str = "") -> Snapshot:
    """Seal a closed period, once. While a report is owed, only with a reason, which is published with it."""
    if not may_seal(period, user):
        raise PermissionDenied(_("Tài khoản của bạn không chốt được số liệu của kế hoạch này."))
    # Whoever is changing its dates first: they hold the row and no plan, and find it sealed afterwards.
    list(ReportingPeriod.objects.select_for_update(no_key=True).filter(pk=period.pk).values_list("pk"))
    hold_plan(period.plan_id)
    period = ReportingPeriod.objects.select_related("plan", "snapshot").get(pk=period.pk)
    if period.is_sealed:
        raise ValidationError(
            _("Kỳ này đã chốt lúc %s.") % f"{timezone.localtime(period.snapshot.sealed_at):%H:%M %d/%m/%Y}"
        )
    if timezone.localdate() <= period.end_on:
        raise ValidationError(
            _("Kỳ này đến hết ngày %s mới khép: chưa chốt được.") % f"{period.end_on:%d/%m/%Y}"
        )
    if not period.plan.published:
        raise ValidationError(_("Kế hoạch chưa công khai nên chưa có số liệu để chốt."))
    owed = owed_reports(period)
    missing = [str(row.agency) for row in owed if row.report is None]
    reason = incomplete_reason.strip()
    if missing and not reason:
        raise ValidationError(
            _("Chưa gửi báo cáo: %s. Hãy chờ, hoặc ghi lý do chốt khi chưa đủ.") % "; ".join(missing)
        )
    sealed_at = timezone.now()
    content = canonical(_content(period, sealed_at, owed, reason if missing else ""))
    return Snapshot.objects.create(
        period=period,
        sealed_at=sealed_at,
        sealed_by=user,
        rule_version=RULE_VERSION,
        content=content,
        sha256=sha256(content),
        incomplete_reason=reason if missing else "",
    )


def _content(period: ReportingPeriod, sealed_at, owed: list[Owed], incomplete_reason: str) -> dict:
    on, thresholds = period.end_on, thresholds_in_force()
    span = Period(period.start_on, period.end_on)
    by_area = defaultdict(list)
    for activity in FactsOverTime(published_of(period.plan_id)).on(on):
        figure = leaf_figure(activity.facts, on, span, thresholds)
        if figure.in_plan:
            by_area[activity.area_id].append((activity, figure))
    areas, figures = [], []
    for area in CooperationArea.objects.published().filter(plan=period.plan_id).order_by("number"):
        figure = area_figure((leaf for _activity, leaf in by_area[area.pk]), thresholds)
        figures.append(figure)
        areas.append(
            {
                "id": area.pk,
                "number": area.number,
                "title": encode(area.title),
                "figure": encode(figure),
                "activities": [leaf_entry(activity, leaf) for activity, leaf in by_area[area.pk]],
            }
        )
    return {
        "format": FORMAT,
        "rule_version": RULE_VERSION,
        "thresholds": encode(thresholds),
        "plan": encode({"slug": period.plan.slug, "title": period.plan.title}),
        "period": encode(
            {
                "kind": period.kind,
                "label": period.label,
                "start_on": period.start_on,
                "end_on": period.end_on,
                "due_on": period.due_on,
            }
        ),
        "sealed_at": timezone.localtime(sealed_at).isoformat(timespec="seconds"),
        "incomplete_reason": encode(incomplete_reason),
        "reports": [
            {
                "agency": encode(str(row.agency)),
                "sent_on": row.report and timezone.localtime(row.report.sent_at).date().isoformat(),
            }
            for row in owed
        ],
        "headline": encode(headline(figures)),
        "areas": areas,
    }
