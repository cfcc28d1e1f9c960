"""Two people save one record at the same moment, round after round, from two processes over HTTP.

    python -m tests.benchmarks.two_savers [--rounds 20] [--postgresql]

Counts the rounds in which exactly one of the two was told and shown both texts, and the texts that are
neither stored nor in the history nor on the page of the one who was told.
"""

import argparse
import html
import multiprocessing
import re
import sys

from tests.benchmarks.browser import Browser
from tests.benchmarks.own_portal import PASSWORD, own_portal, prepare, served

PORT = 8347
PEOPLE = ("nguoi-mot", "nguoi-hai")
FIELD = re.compile(r'<input type="hidden" name="form_version" value="(\d+)"')


def person(name: str, address: str, fixed: dict, barrier, rounds: int, said) -> None:
    """Open the form, wait for the other, save; who is told saves again. Reports (round, told, both, text)."""
    browser = Browser(f"http://127.0.0.1:{PORT}")
    browser.sign_in(name, PASSWORD)
    for number in range(rounds):
        text, other = (f"Lượt {number} của {who}" for who in (name, *(p for p in PEOPLE if p != name)))
        _at, page = browser.get(address)
        barrier.wait()
        fields = {**fixed, "summary": text, "form_version": FIELD.search(page)[1]}
        _at, answer = browser.post(address, page, fields)
        shown = html.unescape(answer)
        told = "Hai người cùng sửa bản ghi này" in shown
        said.put((number, told, told and text in shown and other in shown, text))
        barrier.wait()
        if told:
            browser.post(address, answer, {**fields, "form_version": FIELD.search(answer)[1]})
        barrier.wait()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with own_portal(PORT, postgresql=asked.postgresql) as folder:
        plan = prepare()
        from django.db import connection  # noqa: PLC0415 - needs Django set up

        from tests.factories import make_user  # noqa: PLC0415

        for name in PEOPLE:
            make_user(name, is_superuser=True, password=PASSWORD)
        area = plan.areas.order_by("number").first()
        fixed = {"plan": plan.pk, "number": area.number, "title": area.title, "published": "on"}
        address = f"http://127.0.0.1:{PORT}/admin/cooperation/cooperationarea/{area.pk}/change/"
        connection.close()
        with served(folder / "log"):
            context = multiprocessing.get_context("spawn")
            barrier, said = context.Barrier(2), context.Queue()
            people = [
                context.Process(target=person, args=(name, address, fixed, barrier, asked.rounds, said))
                for name in PEOPLE
            ]
            for one in people:
                one.start()
            reports = [said.get(timeout=120) for _ in range(2 * asked.rounds)]
            for one in people:
                one.join()
        kept = set(area.history.values_list("summary", flat=True))
    told = [
        sum(was_told for number, was_told, _both, _text in reports if number == n)
        for n in range(asked.rounds)
    ]
    both = sum(shown for _number, _told, shown, _text in reports)
    lost = [text for _number, _told, _both, text in reports if text not in kept]
    print(
        f"{asked.rounds} rounds on {'PostgreSQL' if asked.postgresql else 'SQLite'}: "
        f"{told.count(1)} times exactly one was told, {both} times shown both texts, {len(lost)} texts lost"
    )
    return 0 if told.count(1) == both == asked.rounds and not lost else 1


if __name__ == "__main__":
    sys.exit(main())
