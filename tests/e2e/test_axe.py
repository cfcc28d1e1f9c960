"""Every public page, the board and the pages of staff: nothing that axe finds (WCAG 2.2 AA), nothing from
elsewhere, nothing that the policy refuses; on a phone and at a desk, in light and in dark.

The pages come from the URL map, so a new public page without a sample here fails.
"""

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import get_resolver, reverse

from cooperation.models import Agency, Agreement
from enterprises.models import MOU, Enterprise
from programs.models import Activity, ExplanationRequest, Program, ProgressUpdate, ReportingPeriod, Snapshot
from tests import factories
from tests.e2e.filled import filled
from tests.test_sweep import FILES, addresses

__all__ = ["filled"]
pytestmark = pytest.mark.e2e

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "how => axe.run({...how, resultTypes: ['violations']}).then(found => found.violations)"
LOOKS = [(width, scheme) for width in (360, 1440) for scheme in ("light", "dark")]
DEMONSTRATION = {"plan": "minh-hoa"}


def _plan(name, query="", **kwargs):
    return lambda: reverse(name, kwargs={**DEMONSTRATION, **kwargs}) + query


def _bare(name, query="", **kwargs):
    return lambda: reverse(name, kwargs=kwargs) + query


def _of(rows, query=""):
    """The page of the last such row, which is one of the demonstration."""
    return lambda: rows().order_by("-pk").first().get_absolute_url() + query


# Page → where it is to be seen. Several ways of the same page have names of their own after a space.
PUBLIC = {
    "home": _plan("home"),
    "home of the real plan": _bare("home"),
    "home sealed": lambda: reverse("home", kwargs=DEMONSTRATION) + f"?as_of={_sealed().period.end_on}",
    "area-detail": _plan("area-detail", number=6),
    "area-detail empty": _bare("area-detail", number=11),
    "area-detail with background": _bare("area-detail", number=6),
    "activity-list": _plan("activity-list"),
    "activity-list refused": _plan("activity-list", "?linh_vuc=abc"),
    "activity-list none": _plan("activity-list", "?tim=khongcogi"),
    "activity-detail": _of(lambda: Activity.objects.filter(milestones__isnull=False)),
    "program-list": _plan("program-list"),
    "program-detail": _of(Program.objects.published),
    "mou-list": _plan("mou-list"),
    "mou-detail": _of(MOU.objects.published),
    "enterprise-list": _plan("enterprise-list"),
    "enterprise-detail": _of(Enterprise.objects.published),
    "timeline": _plan("timeline"),
    "agency-report": _plan("agency-report"),
    "agency-list": _bare("agency-list"),
    "agency-detail": lambda: reverse("agency-detail", args=("minh-hoa-sct-loc-an",)),
    "agreement-list": _bare("agreement-list"),
    "agreement-detail": _of(Agreement.objects.published),
    "plan-list": _bare("plan-list"),
    "source-list": _bare("source-list"),
    "sealed-list": _plan("sealed-list"),
    "sealed-period": lambda: _sealed().get_absolute_url(),
    "period-detail": _of(ReportingPeriod.objects.published),
    "changes": _plan("changes", "?tu=2022-12-14&den=2023-12-14"),
    "method": _bare("method"),
    "open-data": _plan("open-data", "?as_of=2022-12-31"),
    "search": _bare("search", "?tim=hoi+nghi"),
    "search none": _bare("search", "?tim=khongcogi"),
    "admin:login": _bare("admin:login"),
    "404": lambda: "/khong-co-trang-nay/",
}
STAFF = {
    "my-work": ("viet", _bare("my-work")),
    "report-write": ("viet", lambda: reverse("report-write", args=(_open_activity().code,))),
    "report-queue": ("duyet", _bare("report-queue")),
    "report-review": ("duyet", lambda: reverse("report-review", args=(_waiting().pk,))),
    "completion-answer": ("duyet", lambda: reverse("completion-answer", args=(_completed_elsewhere().code,))),
    "explanation-list": ("lanh-dao", _bare("explanation-list")),
    "explanation-detail": ("lanh-dao", lambda: reverse("explanation-detail", args=(_asked().pk,))),
    "explanation-ask-activity": (
        "lanh-dao",
        lambda: reverse("explanation-ask-activity", args=(_open_activity().code,)),
    ),
    "saved-filters": ("viet", _bare("saved-filters")),
    "account": ("viet", _bare("account")),
    "account-password": ("viet", _bare("account-password")),
    "board": ("lanh-dao", _plan("board")),
    "board-activities": ("lanh-dao", _plan("board-activities", "?nhom=qua-han")),
    "board-memoranda": ("lanh-dao", _plan("board-memoranda", "?buoc=da-ky")),
}
# Seen by staff only and asked above under other names, or no page at all.
ELSEWHERE = {"account-second-factor", "account-verify", "board-ask", "evidence-file", "explanation-ask-area"}


def _sealed():
    return Snapshot.objects.select_related("period__plan").get()


def _open_activity():
    rows = Activity.objects.filter(lead_agency__slug="minh-hoa-sct-loc-an", lifecycle="in_progress")
    return rows.order_by("code").first()


def _waiting():
    activity = _open_activity()
    found = ProgressUpdate.objects.filter(activity=activity, status="submitted").first()
    return found or factories.make_update(
        activity, 50, status="submitted", decided_at=None, agency=activity.lead_agency
    )


def _completed_elsewhere():
    """Led by the other province, completed there, and waiting for the word of this one."""
    open_here = _open_activity()
    lead = Agency.objects.get(slug="minh-hoa-sct-thanh-ninh")
    activity = factories.make_activity(
        open_here.area, lead_agency=lead, lifecycle="completed", completed_on=open_here.start_on
    )
    activity.partner_agencies.add(open_here.lead_agency)
    return activity


def _asked():
    activity = _open_activity()
    return ExplanationRequest.objects.first() or factories.make_explanation(
        activity, agency=activity.lead_agency
    )


def look_at(chromium, filled, address, username=""):
    """Return all that is wrong with a page in its four looks; it is loaded once."""
    context = chromium.new_context(viewport={"width": 360, "height": 900}, locale="vi-VN")
    if username:
        filled.sign_in(context, username)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: (
            faults.append(said.text) if said.type == "error" and "status of 404" not in said.text else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((filled.url, "data:")) else faults.append(f"asks {asked.url}")
        ),
    )
    answer = page.goto(filled.url + address)
    assert answer.status == (404 if "khong-co" in address else 200), f"{address}: {answer.status}"
    assert page.locator("h1").count() == 1 or "/admin/" in address, f"{address}: one headline"
    page.evaluate(AXE_SCRIPT)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for violation in page.evaluate(RUN, {"runOnly": {"type": "tag", "values": TAGS}}):
            nodes = violation["nodes"][:4]
            where = {node["target"][0]: node["failureSummary"].splitlines()[-1] for node in nodes}
            faults.append(f"{width} {scheme}: {violation['id']} {where}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{width}: scrolls sideways")
    context.close()
    return faults


def test_every_page_is_looked_at():
    names = {name for name, _parameters in addresses(get_resolver().url_patterns)}
    here = {name for name in names if not name.startswith("admin:")} - FILES - ELSEWHERE
    seen = {name.split(" ")[0] for name in PUBLIC} | set(STAFF)
    assert here <= seen, f"Say in {Path(__file__).name} where to see {here - seen}"


def test_every_page_in_every_look(chromium, filled, subtests):
    """One world for all, as filling it takes longer than a page does."""
    pages = [(name, address, "") for name, address in PUBLIC.items()]
    pages += [(name, address, username) for name, (username, address) in STAFF.items()]
    for name, address, username in pages:
        with subtests.test(name):
            assert look_at(chromium, filled, address(), username) == []
