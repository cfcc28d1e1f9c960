"""The pages of a plan of one size, in a process of its own: milliseconds and queries, an empty view beside.

`python -m tests.benchmarks.measure_pages 1000 [--postgresql]` prints JSON; bench_pages.py makes the table.
"""

import argparse
import datetime
import json
import sys
import time
import types
from importlib import import_module
from statistics import median
from unittest import mock

from tests.benchmarks.own_portal import own_portal

ROUNDS, REPORTS = 15, 40
EMPTY = "empty view"
# Where a page does not answer 200 it is left out.
PAGES = {
    "home": "/",
    "board": "/lanh-dao/",
    "area page": "/linh-vuc/6/",
    "activity list": "/hoat-dong/",
    "search": "/tim/?tim=thuy+loi",
}


def measure(count: int) -> dict:
    """Build `count` activities; time the pages, a new day, and accepting a report, with Django set up."""
    settings = import_module("django.conf").settings
    # The tables as the models are now; a benchmark does not measure migrations.
    settings.MIGRATION_MODULES = dict.fromkeys(
        config.label for config in import_module("django.apps").apps.get_app_configs()
    )
    settings.ROOT_URLCONF = _with_empty_view().__name__
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command = import_module("django.core.management").call_command
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    big = import_module("tests.benchmarks.big_plan")
    plan = big.big_plan(count)
    big.after_bulk()
    built, _written = _timed(lambda: import_module("programs.standings.keeping").rebuild(plan))
    checked, differing = _timed(lambda: list(import_module("programs.standings.checking").differences(plan)))
    pages = _pages()
    new_day = _new_day(plan)
    accept = _accepting(plan)
    return {
        "pages": pages, "rebuild": built, "check": checked, "differences": len(differing),
        "new_day": new_day, "accept": accept,
    }  # fmt: skip


def _with_empty_view() -> types.ModuleType:
    http, urls = import_module("django.http"), import_module("django.urls")
    module = types.ModuleType("measured_urls")
    empty = urls.path("trong/", lambda request: http.HttpResponse(""))
    module.urlpatterns = [empty, *import_module("portal.urls").urlpatterns]
    sys.modules[module.__name__] = module
    return module


def _timed(work) -> tuple[float, object]:
    began = time.perf_counter()
    result = work()
    return (time.perf_counter() - began) * 1000, result


def _pages() -> dict:
    """{page: (median ms, queries)}; the pages and the empty view take turns."""
    client_class = import_module("django.test").Client
    reader, leader = client_class(), client_class()
    leader.force_login(import_module("tests.factories").make_user(is_superuser=True))
    asked = {EMPTY: (reader, "/trong/"), **{name: (reader, page) for name, page in PAGES.items()}}
    asked["board"] = leader, PAGES["board"]
    connection = import_module("django.db").connection
    queries = {}
    for name, (client, address) in list(asked.items()):
        client.get(address)
        seen = []
        with connection.execute_wrapper(lambda run, *args, seen=seen: (seen.append(1), run(*args))[1]):
            status = client.get(address).status_code
        queries[name] = len(seen)
        if status != 200:
            print(f"{address}: {status}", file=sys.stderr)
            del asked[name]
    times = {name: [] for name in asked}
    for _round in range(ROUNDS):
        for name, (client, address) in asked.items():
            times[name].append(_timed(lambda client=client, address=address: client.get(address))[0])
    return {name: (median(spent), queries[name]) for name, spent in times.items()}


def _new_day(plan) -> dict:
    """What the first page of tomorrow pays for the day, and how many activities it moves."""
    today = import_module("django.utils.timezone").localdate()
    tomorrow = today + datetime.timedelta(days=1)
    leaves = import_module("programs.models").LeafStanding.objects
    moved = leaves.filter(plan=plan.pk, next_change_on__lte=tomorrow).count()
    spent, _done = _timed(lambda: import_module("programs.standings.keeping").bring_to(plan, tomorrow))
    import_module("programs.standings.keeping").rebuild(plan)
    return {"ms": spent, "moved": moved}


def _accepting(plan) -> dict:
    """Median ms of accepting a report with and without the standings, by turns."""
    factories, workflow = import_module("tests.factories"), import_module("programs.workflow")
    timezone = import_module("django.utils.timezone")
    reporter, approver = (factories.make_user(is_superuser=True) for _n in range(2))
    activities = import_module("programs.models").Activity.objects
    rows = list(activities.filter(area__plan=plan, lifecycle="in_progress", kind="one_off")[:REPORTS])
    times: dict[str, list[float]] = {"with": [], "without": []}
    for number, activity in enumerate(rows):
        report = factories.make_update(
            activity, 98, timezone.localdate(), status="submitted", submitted_at=timezone.now(),
            decided_at=None, reported_by=reporter,
        )  # fmt: skip
        kind = ("with", "without")[number % 2]
        with mock.patch("programs.periods.written.refresh") if kind == "without" else mock.MagicMock():
            spent, _row = _timed(lambda report=report: workflow.accept(update=report, user=approver))
        times[kind].append(spent)
    return {kind: median(spent) for kind, spent in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with own_portal(postgresql=options.postgresql):
        print(json.dumps(measure(options.count)))


if __name__ == "__main__":
    main()
