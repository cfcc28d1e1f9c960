"""The matrix of the admin's common pages: role × model × page × scope, every answer a real one."""

import re

import pytest
from django.urls import reverse

from cooperation.permissions import allowed
from tests.matrix import pages
from tests.matrix.admin_rules import expected, expected_change, stored, untouched, url
from tests.matrix.cells import FORBIDDEN, LOGIN, MISSING, MISSING_KEY, OK, same_answer, undone, verdict
from tests.matrix.world import ANYBODY, CAST

pytestmark = pytest.mark.django_db

LABELS = sorted(pages.registered())
EACH = [pytest.mark.parametrize("label", LABELS), pytest.mark.parametrize("role", CAST)]


def each(test):
    for mark in EACH:
        test = mark(test)
    return test


def test_every_page_of_the_admin_has_a_row():
    for name, _parameters in pages.addresses():
        if not name.startswith("admin:") or name in pages.ADMIN_SITE or name in pages.ADMIN_OWN:
            continue
        known = any(name == pages.admin_name(label, kind) for label in LABELS for kind in pages.ADMIN_KINDS)
        assert known, f"Say in tests/matrix/pages.py (ADMIN_KINDS, ADMIN_OWN or ADMIN_SITE) what {name} is"
    known = set(pages.NAMELESS)
    nameless = {name for name, _parameters in pages.addresses() if not re.fullmatch(r"[\w:-]+", name)}
    assert nameless <= known, f"Give {nameless - known} a name, or a row in tests/matrix/pages.py (NAMELESS)"


def test_every_model_of_the_admin_is_in_the_world(world):
    assert set(LABELS) <= set(world.records), "Make records of the new model in tests/matrix/world.py"


@each
def test_lists(world, visitors, cells, role, label):
    answer = visitors.get(role, url(label, "changelist"))
    want = expected(role, label, "view")
    cells.check(verdict(answer) == want, role, label, "list", got=verdict(answer))
    found = answer.context["cl"].result_list if verdict(answer) == OK and answer.context else ()
    shown, text = {row.pk for row in found}, answer.content.decode()
    for scope, record in world.cells(label):
        want = role != ANYBODY and allowed(role, label, "view", scope)
        got = record.pk in shown
        mark = world.marks.get(label, {}).get(scope)
        named = bool(mark) and mark in text
        cells.check(got == want and (want or not named), role, label, "list", scope, got=(got, named))


def _sent(visitors, role, page, address):
    """Send the form of a page back as nobody touched it, with a reason."""
    return visitors.post(role, address, {**untouched(page), "change_reason": "Sửa lại"})


@each
def test_changing(world, visitors, cells, role, label):
    missing = url(label, "change", MISSING_KEY)
    not_there, not_written = visitors.get(role, missing), visitors.post(role, missing, {"x": "1"})
    for scope, record in world.cells(label):
        address = url(label, "change", record.pk)
        want = expected(role, label, "view", scope)
        with undone():
            page = visitors.get(role, address)
            got = verdict(page)
            right = got == want and (want != MISSING or same_answer(page, not_there, record.pk, MISSING_KEY))
            cells.check(right, role, label, "look at", scope, got=got)
            before = stored(record)
            want = expected_change(role, label, scope)
            if want == OK and page.context and "adminform" in page.context:
                answer = _sent(visitors, role, page, address)
                after = stored(record)
                cells.check(
                    answer.status_code == 302 and after["version"] > before["version"],
                    role, label, "change", scope,
                    got=(answer.status_code, answer.context and answer.context.get("errors")),
                )  # fmt: skip
                continue
            answer = visitors.post(role, address, {"x": "1"})
            got = verdict(answer)
            right = got == want and (
                want != MISSING or same_answer(answer, not_written, record.pk, MISSING_KEY)
            )
            cells.check(right and stored(record) == before, role, label, "change", scope, got=got)


@each
def test_deleting(world, visitors, cells, role, label):
    missing = url(label, "delete", MISSING_KEY)
    data = {"post": "yes", "reason": "Nhập nhầm"}
    not_there, not_written = visitors.get(role, missing), visitors.post(role, missing, data)
    for scope, record in world.cells(label):
        address = url(label, "delete", record.pk)
        want, before = expected(role, label, "delete", scope), stored(record)
        with undone():
            for how, answer, none in (
                ("ask to delete", visitors.get(role, address), not_there),
                ("delete", visitors.post(role, address, data), not_written),
            ):
                got = verdict(answer)
                right = got == want and (want != MISSING or same_answer(answer, none, record.pk, MISSING_KEY))
                if how == "delete":
                    after = stored(record)
                    gone = after is None or after.get("deleted_at") != before.get("deleted_at")
                    right = right and gone == (want == OK) and (want == OK or after == before)
                cells.check(right, role, label, how, scope, got=got)


@each
def test_histories(world, visitors, cells, role, label):
    not_there = visitors.get(role, url(label, "history", MISSING_KEY))
    versions = "simple_history" in pages.kinds_of(label)
    for scope, record in world.cells(label):
        want = expected(role, label, "view", scope)
        answer = visitors.get(role, url(label, "history", record.pk))
        got = verdict(answer)
        right = got == want and (want != MISSING or same_answer(answer, not_there, record.pk, MISSING_KEY))
        cells.check(right, role, label, "history", scope, got=got)
        if not versions:
            continue
        version = record.history.order_by("history_id").first().pk
        address = url(label, "simple_history", record.pk, version)
        none = url(label, "simple_history", MISSING_KEY, version)
        answer, no_such = visitors.get(role, address), visitors.get(role, none)
        got = verdict(answer)
        right = got == want and (want != MISSING or same_answer(answer, no_such, record.pk, MISSING_KEY))
        cells.check(right, role, label, "old version", scope, got=got)
        before = stored(record)
        answer = visitors.post(role, address)
        refused = verdict(answer) == LOGIN if role == ANYBODY else answer.status_code == 405
        cells.check(refused and stored(record) == before, role, label, "write an old version back", scope)


@pytest.mark.parametrize("label", [label for label in LABELS if "export" in pages.kinds_of(label)])
@pytest.mark.parametrize("role", CAST)
def test_exports(world, visitors, cells, role, label):
    address = url(label, "export")
    page = visitors.get(role, address)
    want = FORBIDDEN if label in pages.NOT_EXPORTED and role != ANYBODY else expected(role, label, "export")
    cells.check(verdict(page) == want, role, label, "export page", got=verdict(page))
    data, text = {"format": "1"}, ""
    if want == OK:
        form = page.context["form"]
        csv = next(value for value, title in form.fields["format"].choices if title == "csv")
        data = {"format": csv, **{name: "on" for name in form.fields if name.startswith("list")}}
    answer = visitors.post(role, address, data)
    right = verdict(answer) == want
    if want == OK:
        right = answer.headers["Content-Type"].startswith("text/csv")
        text = answer.content.decode()
    cells.check(right, role, label, "export", got=verdict(answer))
    for scope, mark in world.marks.get(label, {}).items():
        allowed_here = want == OK and allowed(role, label, "export", scope)
        cells.check((mark in text) == allowed_here, role, label, "export", scope, got=mark in text)


@pytest.mark.parametrize("label", [label for label in LABELS if "bin" in pages.kinds_of(label)])
@pytest.mark.parametrize("role", CAST)
def test_bins(world, visitors, cells, role, label):
    address = url(label, "bin")
    page = visitors.get(role, address)
    want = expected(role, label, "delete")
    cells.check(verdict(page) == want, role, label, "bin", got=verdict(page))
    listed = {row.pk for row, _last in page.context["records"]} if want == OK else set()
    data = {"record": MISSING_KEY, "reason": "Khôi phục"}
    not_there = visitors.post(role, address, data)
    for scope, record in world.cells(label):
        restorable = role != ANYBODY and allowed(role, label, "restore", scope)
        cells.check((record.pk in listed) == restorable, role, label, "bin", scope)
        before = stored(record)
        with undone():
            answer = visitors.post(role, address, data | {"record": record.pk})
            want_here = OK if restorable else MISSING if want == OK else want
            right = verdict(answer) == want_here
            if want_here == MISSING:
                right = right and same_answer(answer, not_there, record.pk, MISSING_KEY)
            after = stored(record)
            back = after["deleted_at"] is None and before["deleted_at"] is not None
            right = right and back == restorable and (restorable or after == before)
            cells.check(right, role, label, "restore", scope, got=verdict(answer))


def _searched():
    """(model that has the field, field, model that is searched) of every autocomplete of the admin."""
    for label, model_admin in pages.registered().items():
        for owner in (
            model_admin,
            *(inline(model_admin.model, model_admin.admin_site) for inline in model_admin.inlines),
        ):
            model = owner.model
            for name in owner.autocomplete_fields or (("agency",) if label == "cooperation.user" else ()):
                yield (
                    model._meta.label_lower,
                    name,
                    model._meta.get_field(name).remote_field.model._meta.label_lower,
                )


SEARCHED = sorted(set(_searched()))


@pytest.mark.parametrize("role", CAST)
def test_autocomplete(world, visitors, cells, role):
    for label, name, target in SEARCHED:
        app, model = label.split(".")
        asked = {"app_label": app, "model_name": model, "field_name": name, "term": "zz"}
        answer = visitors.get(role, reverse("admin:autocomplete"), asked)
        want = expected(role, target, "view")
        cells.check(verdict(answer) == want, role, label, name, got=verdict(answer))
        results = answer.json()["results"] if want == OK and verdict(answer) == OK else []
        assert len(results) < 20, "more than one page: search for fewer"
        found = {row["id"] for row in results}
        for scope, record in world.cells(target):
            want_here = want == OK and allowed(role, target, "view", scope)
            if target in world.marks and scope in world.marks[target]:
                got = str(record.pk) in found
                cells.check(got == want_here, role, label, name, target, scope, got=got)
