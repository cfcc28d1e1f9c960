"""A plan's story from its agreement to today, newest first."""

from itertools import groupby
from operator import itemgetter

from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.dates import format_date
from cooperation.lists import page_of
from cooperation.models import BackgroundFact
from cooperation.plans import plan_or_404
from enterprises.models import MOU
from programs.models import Activity

PAGE_SIZE = 60
# What happened to the two provinces themselves, or between them, without being an activity of the plan.
STORY = (BackgroundFact.Relation.BILATERAL, BackgroundFact.Relation.MERGER, BackgroundFact.Relation.SUCCESSOR)


def timeline(request, plan=None):
    plan = plan_or_404(plan)
    events = sorted(_events(plan), key=itemgetter("on"), reverse=True)
    page = page_of(events, request.GET.get("page"), PAGE_SIZE)
    years = [(year, list(rows)) for year, rows in groupby(page.object_list, key=lambda row: row["on"].year)]
    context = {"plan": plan, "page": page, "years": years, "title": _("Dòng thời gian"), "today": localdate()}
    return render(request, "portal/timeline.html", context)


def _events(plan):
    today = localdate()
    agreement = plan.agreement
    if agreement and agreement.published and agreement.signed_on:
        yield _event(
            agreement.signed_on, agreement.signed_precision, _("Thỏa thuận"), agreement.title, agreement
        )
    if plan.signed_on:
        yield _event(plan.signed_on, plan.signed_precision, _("Kế hoạch"), plan.title, plan)
    done = Activity.objects.published().filter(area__plan=plan, completed_on__lte=today)
    for activity in done.values("completed_on", "date_precision", "title", "code"):
        yield {
            **_plain(
                activity["completed_on"],
                activity["date_precision"],
                _("Hoạt động hoàn thành"),
                activity["title"],
            ),
            "url": reverse("activity-detail", kwargs={**plan.url_kwargs, "code": activity["code"]}),
        }
    mous = MOU.objects.published().filter(plan=plan).signed_by(today)
    for mou in mous.select_related("plan", "party_a", "party_b"):
        yield _event(mou.signed_on, "day", _("Bản ghi nhớ"), mou.title, mou)
    if plan.is_main:
        facts = BackgroundFact.objects.published().filter(relation__in=STORY, dated_on__lte=today)
        for fact in facts:
            kind = fact.get_relation_display()
            yield {**_plain(fact.dated_on, fact.date_precision, kind, fact.title), "text": fact.summary}


def _plain(on, precision, kind, title) -> dict:
    return {"on": on, "date_label": format_date(on, precision), "kind": kind, "title": title}


def _event(on, precision, kind, title, record) -> dict:
    return {**_plain(on, precision, kind, title), "url": record.get_absolute_url()}
