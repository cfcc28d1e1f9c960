"""An approver of the other side on the page of a completion: what they see, press and leave behind."""

import re

from programs.models import ProgressUpdate


def answers():
    return ProgressUpdate.objects.filter(is_counterpart=True)


def seen_on(page) -> str:
    return re.search(r'name="seen" value="([^"]*)"', page.content.decode()).group(1)


def press(client, page, button="confirm", seen=None, **fields):
    data = {"completed_on": "2024-05-20", "note": "", "percent": "", **fields, button: "1"}
    return client.post(page, {"seen": seen if seen is not None else seen_on(client.get(page)), **data})
