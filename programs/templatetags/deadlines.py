"""Deadlines in templates, said as everywhere else."""

from django import template

from programs.deadlines import deadline_words

register = template.Library()


@register.filter
def deadline(due_on, on) -> str:
    return deadline_words(due_on, on)
