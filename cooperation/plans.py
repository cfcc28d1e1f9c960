"""What a public page is about: which plan, which day, and which day it is compared with.

The main plan stands at the short address, any other under /ke-hoach/.
"""

import datetime
from urllib.parse import urlencode

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
    """Return the day of `?as_of=` and what the page needs of it: the form's sentence, if one is needed, the
    day of `?so_voi=`, and the query that takes both along to the next page."""
    on, message = parse_as_of(request.GET.get("as_of"))
    today = localdate()
    if on > today:
        message = _(
            "Ngày %(day)s chưa đến: trang chỉ gồm những gì đã ghi nhận; phần “kế hoạch” tính đến ngày ấy."
        ) % {"day": f"{on:%d/%m/%Y}"}
    compared, comparison = compared_day(request)
    return on, {
        "on": on,
        "is_today": on == today,
        "as_of_query": days_query(on, compared),
        "as_of_message": message,
        "compared_on": compared,
        **comparison,
    }


def days_fault(request) -> str:
    """Why the days of the address cannot be made a file of, "" where they can. A page that cannot read one
    shows another and says so; a file cannot say it."""
    if any(parse_as_of(request.GET.get(name))[1] for name in ("as_of", "so_voi")):
        return _("Tệp chưa được tạo vì địa chỉ có ngày không đọc được: hãy sửa ngày ở đầu trang rồi tải lại.")
    return ""


def compared_day(request) -> tuple[datetime.date | None, dict]:
    """Return the day of `?so_voi=`, None where none is asked for or it cannot be read, and the sentence
    that then tells the reader."""
    raw = request.GET.get("so_voi")
    if not raw:
        return None, {"compared_message": ""}
    compared, unreadable = parse_as_of(raw)
    if unreadable:
        message = _(
            "Không đọc được ngày so sánh “%(value)s”. Hãy ghi theo dạng năm-tháng-ngày, ví dụ 2022-12-31. "
            "Trang đang không so sánh."
        ) % {"value": raw[:40]}
        return None, {"compared_message": message}
    message = ""
    if compared > localdate():
        message = _("Ngày so sánh %(day)s chưa đến: trang chỉ gồm những gì đã ghi nhận.") % {
            "day": f"{compared:%d/%m/%Y}"
        }
    return compared, {"compared_message": message}


def days_query(on: datetime.date, compared: datetime.date | None = None) -> str:
    """Return "?as_of=…&so_voi=…", without what is today or not asked for."""
    query = {} if on == localdate() else {"as_of": on.isoformat()}
    if compared is not None:
        query["so_voi"] = compared.isoformat()
    return f"?{urlencode(query)}" if query else ""
