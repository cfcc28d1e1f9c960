"""An activity of two years that was put off by two more, and its page in the admin."""

from datetime import date, timedelta

from django.urls import reverse

from programs.models import Activity
from tests.factories import make_activity, make_area, make_schedule_change
from tests.pages import form_data

START, DUE, EXTENDED = date(2020, 1, 1), date(2021, 12, 31), date(2023, 12, 31)
DECIDED = date(2021, 12, 15)
ONE_DAY = timedelta(days=1)


def of_two_years(office) -> Activity:
    return make_activity(
        make_area(), lead_agency=office, code="HD-1", start_on=START, due_on=DUE, lifecycle="in_progress"
    )


def put_off(activity) -> Activity:
    """Half a month before its end, by two years."""
    make_schedule_change(activity, DECIDED, DUE, document="12/QĐ")
    Activity.objects.filter(pk=activity.pk).update(due_on=EXTENDED)
    activity.refresh_from_db()
    return activity


def change(activity) -> str:
    return reverse("admin:programs_activity_change", args=(activity.pk,))


def saved(client, activity, **typed):
    """The answer to the form as it stands, with what was typed."""
    address = change(activity)
    return client.post(address, form_data(client.get(address)) | typed)
