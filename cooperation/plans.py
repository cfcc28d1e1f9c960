"""What a public page is about: which plan, and which day.

The main plan stands at the short address, any other under /ke-hoach/.
"""

import datetime

from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.dates import parse_as_of
from cooperation.models import JointPlan


def plan_or_404(slug: str | None) -> JointPlan:
    """Return the published plan with that slug, without a slug the main plan; raise Http404."""
    plans = JointPlan.objects.published().select_related("agreement")
    plan = plans.filter(slug=slug).first() if slug else plans.filter(is_main=True).first()
    if plan is None:
        raise Http404(_("Không có kế hoạch này."))
    return plan


def asked_day(request) -> tuple[datetime.date, dict]:
    """Return the day of `?as_of=` and what the page needs of it: the form's sentence, if one is
    needed, and the query that takes the day along to the next page."""
    on, message = parse_as_of(request.GET.get("as_of"))
    today = localdate()
    if on > today:
        message = _(
            "Ngày %(day)s chưa đến: trang chỉ gồm những gì đã ghi nhận; phần “kế hoạch” tính đến ngày ấy."
        ) % {"day": f"{on:%d/%m/%Y}"}
    query = "" if on == today else f"?as_of={on.isoformat()}"
    return on, {"on": on, "is_today": on == today, "as_of_query": query, "as_of_message": message}
