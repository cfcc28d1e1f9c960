"""Cách tính: the rule in plain words, with examples computed by the code that computes every figure."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.method.examples import examples, worked
from programs.figures import thresholds_in_force
from programs.progress import OPEN_CAP, RULE_VERSION

# The anchors that figures link to; every one stands in the template.
RULES = tuple(range(1, 15))


def method(request):
    """No query: the rule is code, its thresholds are settings."""
    cases = [worked(example) for example in examples()]
    context = {
        "thresholds": thresholds_in_force(),
        "version": RULE_VERSION,
        "open_cap": int(OPEN_CAP),
        "cases": cases,
        "examples_of": {f"r{rule}": [c.example for c in cases if rule in c.example.rules] for rule in RULES},
        "title": _("Cách tính"),
    }
    return render(request, "portal/method/method.html", context)
