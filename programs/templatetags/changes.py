"""Differences in templates: a sign that is read as such, and the link to why."""

from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.formats import number_format

from cooperation.models import JointPlan

register = template.Library()


@register.filter
def signed(value: Decimal | None) -> str:
    """Return +5,0 or −1,0 or 0,0; a dash where there is nothing to compare."""
    if value is None:
        return "–"
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{number_format(abs(value), 1)}"


@register.simple_tag
def why_url(plan: JointPlan, since, until, number=None) -> str:
    """The page that says why figures moved between two days, of one area where `number` is given."""
    area = f"&linh_vuc={number}" if number else ""
    days = f"?tu={since.isoformat()}&den={until.isoformat()}"
    return f"{reverse('changes', kwargs=plan.url_kwargs)}{days}{area}"
