"""Addresses that leave the portal: complete ones, for whoever shows a shared page."""

from django import template
from django.urls import reverse

from cooperation.models import CooperationArea, JointPlan

register = template.Library()


@register.simple_tag(takes_context=True)
def share_picture(context, plan: JointPlan, area=None) -> str:
    """The picture of the area that the page is about, else of its plan."""
    kwargs = dict(plan.url_kwargs)
    if isinstance(area, CooperationArea) and area.plan_id == plan.pk:
        kwargs["number"] = area.number
    return context["request"].build_absolute_uri(reverse("share-picture", kwargs=kwargs))
