"""A plan's story from its agreement to today, newest first."""

from collections import defaultdict
from itertools import groupby

from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.dates import format_date
from cooperation.lists import page_of
from cooperation.models import Agreement, BackgroundFact, JointPlan
from cooperation.plans import plan_or_404
from enterprises.models import MOU
from programs.models import Activity

PAGE_SIZE = 60
# What happened to the two provinces themselves, or between them, without being an activity of the plan.
STORY = (BackgroundFact.Relation.BILATERAL, BackgroundFact.Relation.MERGER, BackgroundFact.Relation.SUCCESSOR)
# On one and the same day an agreement comes before the plan, the plan before what was done under it.
ORDER = (Agreement, JointPlan, Activity, MOU, BackgroundFact)


def timeline(request, plan=None):
    """Days of all events, then the events of one page: seven queries, however many there are."""
    plan = plan_or_404(plan)
    keys = sorted(_keys(plan, localdate()), reverse=True)
    page = page_of(keys, request.GET.get("page"), PAGE_SIZE)
    events = _events(plan, page.object_list)
    years = [(year, list(rows)) for year, rows in groupby(events, key=lambda event: event["on"].year)]
    context = {"plan": plan, "page": page, "years": years, "title": _("Dòng thời gian")}
    return render(request, "portal/timeline.html", context)


def _keys(plan: JointPlan, today):
    """Yield (day, place in ORDER, id) of every event up to today."""
    agreement = plan.agreement
    if agreement and agreement.published and agreement.signed_on and agreement.signed_on <= today:
        yield agreement.signed_on, 0, agreement.pk
    if plan.signed_on and plan.signed_on <= today:
        yield plan.signed_on, 1, plan.pk
    done = Activity.objects.published().filter(area__plan=plan, completed_on__lte=today)
    signed = MOU.objects.published().filter(plan=plan).signed_by(today)
    sources = [(done, "completed_on"), (signed, "signed_on")]
    if plan.is_main:
        facts = BackgroundFact.objects.published().filter(relation__in=STORY, dated_on__lte=today)
        sources.append((facts, "dated_on"))
    for place, (rows, field) in enumerate(sources, start=2):
        for day, pk in rows.order_by().values_list(field, "pk"):
            yield day, place, pk


def _events(plan: JointPlan, keys):
    """Yield what the page shows of each key, in the same order."""
    wanted = defaultdict(list)
    for _day, place, pk in keys:
        wanted[ORDER[place]].append(pk)
    found = {
        Agreement: {plan.agreement_id: plan.agreement},
        JointPlan: {plan.pk: plan},
        Activity: Activity.objects.in_bulk(wanted[Activity]),
        MOU: MOU.objects.select_related("party_a", "party_b").in_bulk(wanted[MOU]),
        BackgroundFact: BackgroundFact.objects.in_bulk(wanted[BackgroundFact]),
    }
    for day, place, pk in keys:
        model = ORDER[place]
        record = found[model].get(pk)
        if record is not None:
            yield {"on": day, **_describe(plan, model, record)}


def _describe(plan: JointPlan, model, record) -> dict:
    if model is BackgroundFact:
        return {
            "kind": record.get_relation_display(),
            "title": record.title,
            "text": record.summary,
            "date_label": record.date_label,
        }
    if model is Activity:
        return {
            "kind": _("Hoạt động hoàn thành"),
            "title": record.title,
            "date_label": format_date(record.completed_on, record.date_precision),
            "url": reverse("activity-detail", kwargs={**plan.url_kwargs, "code": record.code}),
        }
    if model is MOU:
        return {
            "kind": _("Bản ghi nhớ"),
            "title": record.title,
            "date_label": format_date(record.signed_on),
            "url": reverse("mou-detail", kwargs={**plan.url_kwargs, "pk": record.pk}),
        }
    return {
        "kind": _("Thỏa thuận") if model is Agreement else _("Kế hoạch"),
        "title": record.title,
        "date_label": record.signed_label,
        "url": record.get_absolute_url(),
    }
