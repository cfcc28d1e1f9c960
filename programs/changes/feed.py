"""What happened to a plan's figures lately, as an Atom feed (RFC 4287). No person is named."""

import datetime
import re
import uuid
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import gettext as _

from cooperation.models import JointPlan
from cooperation.plans import plan_or_404
from programs.facts import published_of
from programs.models import Erratum, ProgressUpdate, Snapshot

WINDOW = datetime.timedelta(days=90)
# Of each kind; a reader fetches the feed more often than so much happens.
MOST = 200
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """`key`: what the entry is about, for ever the same; its id follows from it."""

    key: str
    updated: datetime.datetime
    title: str
    text: str
    url: str


def entries(plan: JointPlan, now: datetime.datetime) -> list[Entry]:
    """Accepted reports, completions, cancellations, sealings and errata of 90 days, the newest first: five
    queries."""
    found = [
        *_reports(plan, now),
        *_completions(plan, now),
        *_cancellations(plan, now),
        *_sealings(plan, now),
        *_errata(plan, now),
    ]
    return sorted(found, key=lambda entry: (entry.updated, entry.key), reverse=True)[:MOST]


def changes_feed(request, plan=None):
    plan = plan_or_404(plan)
    home = request.build_absolute_uri(plan.get_absolute_url())
    page = request.build_absolute_uri(reverse("changes", kwargs=plan.url_kwargs))
    rows = entries(plan, timezone.now())
    feed = Atom1Feed(
        title=_written(_("Thay đổi của %s") % plan.title),
        link=page,
        description=None,
        subtitle=_("Báo cáo được duyệt, hoàn thành, hủy, chốt số liệu và đính chính trong 90 ngày."),
        language="vi",
        feed_url=request.build_absolute_uri(request.path),
        feed_guid=_id(home, "thay-doi"),
        author_name=_("Cổng Liên Tịch"),
    )
    for entry in rows:
        feed.add_item(
            title=_written(entry.title),
            link=request.build_absolute_uri(entry.url),
            description=escape(_written(entry.text)),
            unique_id=_id(home, entry.key),
            pubdate=entry.updated,
            updateddate=entry.updated,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=Atom1Feed.content_type)


def _id(home: str, key: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{home}#{key}").urn


def _written(text: str) -> str:
    """XML holds no control characters."""
    return _UNWRITABLE.sub("", text)


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _activities(plan: JointPlan):
    return published_of(plan.pk).select_related("area__plan")


def _reports(plan, now):
    reports = (
        ProgressUpdate.objects.accepted(timezone.localdate(now))
        .filter(activity__in=published_of(plan.pk), decided_at__gt=now - WINDOW, decided_at__lte=now)
        .select_related("activity__area__plan")
        .order_by("-decided_at", "-pk")[:MOST]
    )
    for report in reports:
        activity = report.activity
        text = _("Số liệu đến ngày %s.") % f"{report.effective_on:%d/%m/%Y}"
        if report.percent is not None:
            text = _("Tiến độ báo cáo %(percent)s %%. %(text)s") % {
                "percent": number_format(report.percent, 1),
                "text": text,
            }
        yield Entry(
            key=f"report/{report.pk}",
            updated=report.decided_at,
            title=_("Báo cáo được duyệt: %s") % activity.title,
            text=text,
            url=f"{activity.get_absolute_url()}#bao-cao",
        )


def _completions(plan, now):
    today = timezone.localdate(now)
    done = _activities(plan).filter(completed_on__gt=today - WINDOW, completed_on__lte=today)
    for activity in done.order_by("-completed_on", "-pk")[:MOST]:
        yield Entry(
            key=f"completed/{activity.pk}/{activity.completed_on}",
            updated=_start_of(activity.completed_on),
            title=_("Hoàn thành: %s") % activity.title,
            text=_("Lĩnh vực %(number)s. Hoàn thành: %(day)s.")
            % {"number": activity.area.number, "day": activity.completed_label},
            url=activity.get_absolute_url(),
        )


def _cancellations(plan, now):
    today = timezone.localdate(now)
    gone = _activities(plan).filter(cancelled_on__gt=today - WINDOW, cancelled_on__lte=today)
    for activity in gone.order_by("-cancelled_on", "-pk")[:MOST]:
        document = activity.cancellation_document
        yield Entry(
            key=f"cancelled/{activity.pk}/{activity.cancelled_on}",
            updated=_start_of(activity.cancelled_on),
            title=_("Không thực hiện: %s") % activity.title,
            text=_("Lĩnh vực %(number)s. Hủy từ ngày %(day)s; văn bản: %(document)s.")
            % {
                "number": activity.area.number,
                "day": f"{activity.cancelled_on:%d/%m/%Y}",
                "document": document or _("không có"),
            },
            url=activity.get_absolute_url(),
        )


def _sealings(plan, now):
    rows = Snapshot.objects.published().filter(period__plan=plan, sealed_at__gt=now - WINDOW)
    for snapshot in rows.defer("content").select_related("period").order_by("-sealed_at", "-pk")[:MOST]:
        yield Entry(
            key=f"sealed/{snapshot.pk}",
            updated=snapshot.sealed_at,
            title=_("Chốt số liệu: %s") % snapshot.period.label,
            text=_("Số liệu đến ngày %(day)s. SHA-256: %(hash)s.")
            % {"day": f"{snapshot.period.end_on:%d/%m/%Y}", "hash": snapshot.sha256},
            url=snapshot.get_absolute_url(),
        )


def _errata(plan, now):
    rows = Erratum.objects.published().filter(snapshot__period__plan=plan, recorded_at__gt=now - WINDOW)
    rows = rows.select_related("snapshot__period").defer("snapshot__content", "content")
    for erratum in rows.order_by("-recorded_at", "-pk")[:MOST]:
        yield Entry(
            key=f"erratum/{erratum.pk}",
            updated=erratum.recorded_at,
            title=_("Đính chính số %(number)s: %(period)s")
            % {"number": erratum.number, "period": erratum.snapshot.period.label},
            text=_("Lý do: %s") % erratum.reason,
            url=f"{erratum.snapshot.get_absolute_url()}#dinh-chinh",
        )
