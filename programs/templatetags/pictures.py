"""Pictures in templates: each an SVG with title and description, and the same data as a table."""

from django import template

from programs.pictures.bars import Bars
from programs.pictures.funnel import Funnel
from programs.pictures.gantt import gantt as gantt_of
from programs.pictures.heat_map import HeatMap
from programs.pictures.trend import trend as trend_of
from programs.templatetags.progress_display import timeliness_label

register = template.Library()


@register.inclusion_tag("pictures/heat_map.html")
def heat_map(picture: HeatMap):
    return {"picture": picture}


@register.inclusion_tag("pictures/funnel.html")
def funnel(picture: Funnel):
    return {"picture": picture}


@register.inclusion_tag("pictures/bars.html")
def bars(picture: Bars):
    return {"picture": picture}


@register.inclusion_tag("pictures/trend.html")
def trend(points, title: str, name: str = "xu-huong"):
    """Draw (day, actual, planned) points; nothing where fewer than two have a value. `name`: once a page."""
    return {"picture": trend_of(name, title, points)}


@register.inclusion_tag("pictures/gantt.html")
def gantt(activities, on, title: str, name: str = "theo-quy"):
    """Draw pairs (activity, figure) by quarter; nothing where none has a date."""
    return {"picture": gantt_of(name, title, activities, on, timeliness_label)}
