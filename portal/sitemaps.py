"""What search engines are told: published pages of real plans, and nothing of the staff's."""

from uuid import UUID

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpResponse
from django.urls import reverse

from cooperation.models import Agency, Agreement, CooperationArea, JointPlan
from enterprises.models import MOU, Enterprise
from programs.models import Activity, Program, Snapshot

# Pages of a plan beside its records, and pages of the portal.
PLAN_PAGES = (
    "home", "activity-list", "program-list", "mou-list", "enterprise-list", "timeline", "sealed-list",
    "agency-report", "open-data",
)  # fmt: skip
PORTAL_PAGES = ("plan-list", "agreement-list", "agency-list", "source-list", "method")
# What only staff can read, by name; a part of the address stands for all under it.
STAFF_PAGES = (
    "admin:index", "my-work", "report-queue", "explanation-list", "account", "board", "saved-filters",
)  # fmt: skip


class Pages(Sitemap):
    """Pages without a record: of the portal, and of every real plan."""

    def items(self):
        plans = JointPlan.objects.published().filter(is_demonstration=False).order_by("pk")
        return [*PORTAL_PAGES, *((plan, name) for plan in plans for name in PLAN_PAGES)]

    def location(self, item):
        if isinstance(item, str):
            return reverse(item)
        plan, name = item
        return reverse(name, kwargs=plan.url_kwargs)


class Records(Sitemap):
    """Pages of one kind of record, each with the address that the record itself has."""

    limit = 5000

    def __init__(self, rows, *related):
        self.rows, self.related = rows, related

    def items(self):
        rows = self.rows()
        return (rows.select_related(*self.related) if self.related else rows).order_by("pk")


SITEMAPS = {
    "trang": Pages(),
    "linh-vuc": Records(
        lambda: CooperationArea.objects.published().filter(plan__is_demonstration=False), "plan"
    ),
    "hoat-dong": Records(
        lambda: Activity.objects.published().filter(area__plan__is_demonstration=False), "area__plan"
    ),
    "chuong-trinh": Records(
        lambda: Program.objects.published().filter(area__plan__is_demonstration=False), "area__plan"
    ),
    "ban-ghi-nho": Records(lambda: MOU.objects.published().filter(plan__is_demonstration=False), "plan"),
    "doanh-nghiep": Records(lambda: Enterprise.objects.published().filter(is_demonstration=False)),
    "co-quan": Records(lambda: Agency.objects.published().filter(is_demonstration=False)),
    "thoa-thuan": Records(lambda: Agreement.objects.published().exclude(plans__is_demonstration=True)),
    "so-lieu-chot": Records(
        lambda: Snapshot.objects.published().filter(period__plan__is_demonstration=False).defer("content")
    ),
}
INDEX = {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"}


def robots(request):
    """Staff pages are closed to robots; what the demonstration shows says `noindex` of itself."""
    closed = {reverse(name) for name in STAFF_PAGES}
    # Under an address with a code in it: what stands before the code.
    closed.add(reverse("report-write", args=("x",)).removesuffix("x/"))
    closed.add(reverse("evidence-file", args=(UUID(int=0),)).removesuffix(f"{UUID(int=0)}/"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in sorted(closed))]
    lines += ["", f"Sitemap: {settings.PORTAL_BASE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
