"""Addresses of a plan's pages: short for the main plan, under /ke-hoach/<slug>/ for any other."""

from django import template
from django.urls import reverse

from cooperation.models import JointPlan

register = template.Library()


@register.simple_tag
def plan_url(plan: JointPlan | None, name: str, **kwargs) -> str:
    """Return the address of page `name` of `plan`; of the main plan where the page has none."""
    return reverse(name, kwargs={**(plan.url_kwargs if plan else {}), **kwargs})


@register.simple_tag
def label_on(body, on, acting=None) -> str:
    """Name a province or an agency as of a day, with "(nay là …)" where another acts for it."""
    return body.label_on(on, acting)
