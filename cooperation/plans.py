"""Which plan a public page is about: the main one at the short address, any other under /ke-hoach/."""

from django.http import Http404
from django.utils.translation import gettext as _

from cooperation.models import JointPlan


def plan_or_404(slug: str | None) -> JointPlan:
    """Return the published plan with that slug, without a slug the main plan; raise Http404."""
    plans = JointPlan.objects.published().select_related("agreement")
    plan = plans.filter(slug=slug).first() if slug else plans.filter(is_main=True).first()
    if plan is None:
        raise Http404(_("Không có kế hoạch này."))
    return plan
