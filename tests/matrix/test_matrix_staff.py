"""The matrix of the staff's pages outside the admin: reports, evidence, explanations, periods, own work."""

import pytest
from django.urls import reverse

from cooperation.models import SavedFilter
from cooperation.permissions import RUNS_THE_SYSTEM, allowed
from programs.models import ExplanationRequest, PeriodReport, ProgressUpdate, ReportingPeriod, Snapshot
from programs.todo import boxes
from tests.matrix import pages
from tests.matrix.admin_rules import holds, named_beyond, stored
from tests.matrix.cells import (
    FORBIDDEN,
    LOGIN,
    MISSING,
    MISSING_KEY,
    MISSING_UUID,
    OK,
    same_answer,
    undone,
    verdict,
)
from tests.matrix.world import AGENCY_SCOPES, ANYBODY, CAST, DAY

pytestmark = pytest.mark.django_db

each_role = pytest.mark.parametrize("role", CAST)
Status = ProgressUpdate.Status
REPORT, ACTIVITY, EXPLANATION = "programs.progressupdate", "programs.activity", "programs.explanationrequest"


def test_every_staff_page_has_a_test():
    public = {"test_public_records", "test_public_lists"}
    assert {page.test for page in pages.PAGES.values()} - public <= set(globals()), (
        "PAGES names no test of here"
    )


def gate(role: str, label: str, action: str) -> str:
    """What the right alone says, before it is asked for which record."""
    return LOGIN if role == ANYBODY else OK if holds(role, label, action) else FORBIDDEN


def compare(cells, answer, want, none, keys, *where) -> bool:
    """One cell; a record that is not the visitor's answers like `none`."""
    right = verdict(answer) == want and (want != MISSING or same_answer(answer, none, *keys))
    cells.check(right, *where, got=verdict(answer))
    return right


# One's own


@each_role
def test_account(visitors, cells, role):
    for name in (name for name, page in pages.PAGES.items() if page.test == "test_account"):
        answer = visitors.get(role, reverse(name))
        want = LOGIN if role == ANYBODY else OK
        cells.check(verdict(answer) == want, role, name, got=verdict(answer))


@each_role
def test_saved_filters(world, visitors, cells, role):
    """Everybody of staff has the page, with their own filters alone."""
    for name, user in world.users.items():
        SavedFilter.objects.get_or_create(user=user, name=f"bộ lọc của {name}", path="/hoat-dong/")
    answer = visitors.get(role, reverse("saved-filters"))
    cells.check(
        verdict(answer) == (LOGIN if role == ANYBODY else OK), role, "saved-filters", got=verdict(answer)
    )
    if role != ANYBODY:
        named = [name for name in world.users if f"bộ lọc của {name}<" in answer.content.decode()]
        cells.check(named == [role], role, "saved-filters", got=named)


@each_role
def test_my_work(world, visitors, cells, role):
    answer = visitors.get(role, reverse("my-work"))
    cells.check(verdict(answer) == (LOGIN if role == ANYBODY else OK), role, "my-work", got=verdict(answer))
    if role == ANYBODY:
        return
    lists = [
        f"{reverse('my-work')}?viec={box.name}" for box in boxes(world.users[role], DAY.replace(year=2026))
    ]
    for address in (reverse("my-work"), *lists):
        text = visitors.get(role, address).content.decode()
        for label, named in named_beyond(world, role, text).items():
            cells.check(not named, role, address, label, got=named)
    none = visitors.get(role, f"{reverse('my-work')}?viec=khong-co")
    cells.check(verdict(none) == MISSING, role, "my-work", "no such list")


# Evidence


@each_role
def test_evidence(world, visitors, cells, role):
    label, name = "programs.evidence", "evidence-file"
    none = visitors.get(role, reverse(name, args=(MISSING_UUID,)))
    for scope, evidence in world.cells(label):
        want = LOGIN if role == ANYBODY else OK if allowed(role, label, "view", scope) else MISSING
        address = reverse(name, args=(evidence.uuid,))
        answer = visitors.get(role, address)
        got = verdict(answer)
        if got == OK:
            right = want == OK and f"({scope})".encode() in b"".join(answer.streaming_content)
            cells.check(right, role, label, scope, got=got)
        else:
            compare(cells, answer, want, none, (evidence.uuid, MISSING_UUID), role, label, scope)
        cells.check(visitors.post(role, address).status_code == 405, role, label, "post", scope)


# Reports


def _may_report(role, scope) -> bool:
    """The leading side reports, and beside it the other province's, which takes part."""
    if "deleted" in scope or not holds(role, REPORT, "add"):
        return False
    return scope == "partner" or allowed(role, REPORT, "add", scope)


@each_role
def test_writing_reports(world, visitors, cells, role):
    none = visitors.get(role, reverse("report-write", args=("khong-co",)))
    data = {"effective_on": "2024-06-30", "percent": "70", "results": "zzbaocaomoizz", "fall_reason": ""}
    for scope, activity in world.cells(ACTIVITY):
        address = reverse("report-write", args=(activity.code,))
        want = gate(role, REPORT, "add")
        want = MISSING if want == OK and not _may_report(role, scope) else want
        page = visitors.get(role, address)
        compare(cells, page, want, none, (activity.code, "khong-co"), role, "report-write", scope)
        for press in ("save", "send"):
            with undone():
                form = page.context["form"] if verdict(page) == OK else None
                version = {"form_version": form["form_version"].value() or ""} if form else {}
                answer = visitors.post(role, address, {**data, **version, press: "1"})
                made = ProgressUpdate.objects.filter(activity=activity, results="zzbaocaomoizz")
                state = {"save": Status.DRAFT, "send": Status.SUBMITTED}[press]
                wrote = [row.status for row in made] == [state]
                right = verdict(answer) == want and wrote == (want == OK) and len(made) == int(want == OK)
                cells.check(right, role, "report-write", press, scope, got=(verdict(answer), len(made)))


def _wait_for_approval(world):
    """All reports but the accepted one and those in the bin are sent."""
    waiting = ProgressUpdate.objects.exclude(status=Status.ACCEPTED)
    waiting.update(status=Status.SUBMITTED, reported_by=world.author)


@each_role
def test_the_queue(world, visitors, cells, role):
    address, want = reverse("report-queue"), gate(role, REPORT, "accept")
    with undone():
        _wait_for_approval(world)
        page = visitors.get(role, address)
        cells.check(verdict(page) == want, role, "queue", got=verdict(page))
        shown = {row.pk for row in page.context["page"]} if want == OK else set()
        reports = world.cells(REPORT)
        answer = visitors.post(role, address, {"report": [row.pk for _scope, row in reports]})
        cells.check(verdict(answer) == want, role, "accept in the queue", got=verdict(answer))
        for scope, report in reports:
            may = allowed(role, REPORT, "accept", scope)
            waits = may and scope != "partner"
            cells.check((report.pk in shown) == waits, role, "queue", scope, got=report.pk in shown)
            accepted = stored(report)["decided_by_id"] == getattr(world.users.get(role), "pk", MISSING_KEY)
            cells.check(accepted == waits, role, "accept in the queue", scope, got=accepted)


@each_role
def test_reviewing(world, visitors, cells, role):
    none = visitors.get(role, reverse("report-review", args=(MISSING_KEY,)))
    for scope, report in world.cells(REPORT):
        address = reverse("report-review", args=(report.pk,))
        want = gate(role, REPORT, "accept")
        want = MISSING if want == OK and not allowed(role, REPORT, "accept", scope) else want
        with undone():
            _wait_for_approval(world)
            page = visitors.get(role, address)
            compare(cells, page, want, none, (report.pk, MISSING_KEY), role, "review", scope)
        for press, state in (("accept", Status.ACCEPTED), ("return", Status.RETURNED)):
            with undone():
                _wait_for_approval(world)
                before = stored(report)["status"]
                answer = visitors.post(role, address, {press: "1", "note": "Sửa lại"})
                after = stored(report)["status"]
                moves = want == OK and scope != "partner"
                right = verdict(answer) == want and after == (state if moves else before)
                cells.check(right, role, "review", press, scope, got=(verdict(answer), after))


@each_role
def test_answering_completions(world, visitors, cells, role):
    """An approver of another side than the lead's that takes part: of work in "partner" alone."""
    name, right_alone = "completion-answer", gate(role, REPORT, "accept")
    none = visitors.get(role, reverse(name, args=("khong-co",)))
    for scope, activity in world.cells(ACTIVITY):
        answers = right_alone == OK and scope == "partner" and role != RUNS_THE_SYSTEM
        want = MISSING if right_alone == OK and not answers else right_alone
        address = reverse(name, args=(activity.code,))
        for press in ("confirm", "disagree"):
            with undone():
                type(activity).objects.filter(pk=activity.pk).update(lifecycle="completed", completed_on=DAY)
                page = visitors.get(role, address)
                compare(cells, page, want, none, (activity.code, "khong-co"), role, name, scope)
                data = {"completed_on": DAY}
                if answers:  # from whoever may not, nothing typed is kept: the page says what it says to all
                    data |= {"seen": page.context["seen"], "note": "x"}
                answer = visitors.post(role, address, {**data, press: "1"})
                made = activity.updates.filter(is_counterpart=True).count()
                cells.check(verdict(answer) == want and made == int(answers), role, press, scope, got=made)


# Explanations


@each_role
def test_explanations(world, visitors, cells, role):
    page, want = visitors.get(role, reverse("explanation-list")), gate(role, EXPLANATION, "view")
    cells.check(verdict(page) == want, role, "explanations", got=verdict(page))
    shown = {row.pk for row in page.context["page"]} if want == OK else set()
    none = visitors.get(role, reverse("explanation-detail", args=(MISSING_KEY,)))
    no_answer = visitors.post(role, reverse("explanation-detail", args=(MISSING_KEY,)), {"answer": "x"})
    for scope, row in world.cells(EXPLANATION):
        reads = allowed(role, EXPLANATION, "view", scope)
        cells.check((row.pk in shown) == reads, role, "explanations", scope, got=row.pk in shown)
        here = MISSING if want == OK and not reads else want
        address, keys = reverse("explanation-detail", args=(row.pk,)), (row.pk, MISSING_KEY)
        compare(cells, visitors.get(role, address), here, none, keys, role, "explanation", scope)
        answers = allowed(role, EXPLANATION, "answer", scope)
        with undone():
            answer = visitors.post(role, address, {"answer": "Đang làm"})
            wants = OK if answers else FORBIDDEN if here == OK else here
            compare(cells, answer, wants, no_answer, keys, role, "answer", scope)
            wrote = stored(row)["answer"] != ""
            cells.check(wrote == answers, role, "answer", scope, got=wrote)


@each_role
def test_asking(world, visitors, cells, role):
    right_alone = gate(role, EXPLANATION, "add")
    asked = (
        *(("explanation-ask-activity", ACTIVITY, scope, row.code) for scope, row in world.cells(ACTIVITY)),
        *(
            ("explanation-ask-area", "cooperation.cooperationarea", scope, row.pk)
            for scope, row in world.cells("cooperation.cooperationarea")
        ),
    )
    for name, label, scope, key in asked:
        missing = "khong-co" if name.endswith("activity") else MISSING_KEY
        none = visitors.get(role, reverse(name, args=(missing,)))
        want = MISSING if right_alone == OK and not allowed(role, label, "view", scope) else right_alone
        address = reverse(name, args=(key,))
        compare(cells, visitors.get(role, address), want, none, (key, missing), role, name, scope)
        with undone():
            before = ExplanationRequest.objects.count()
            lead = world.records[ACTIVITY][scope].lead_agency if label == ACTIVITY else world.agencies["own"]
            data = {
                "agency": lead.acting_on(DAY.replace(year=2025)).pk,
                "question": "Vì sao?",
                "due_on": "2099-01-01",
            }
            answer = visitors.post(role, address, data)
            made = ExplanationRequest.objects.count() - before
            # An area without activities has nobody to be asked.
            fine = verdict(answer) == want and made == int(want == OK and label == ACTIVITY)
            cells.check(fine, role, "ask", name, scope, got=(verdict(answer), made))


@each_role
def test_asking_at_once(world, visitors, cells, role):
    right_alone, address = gate(role, EXPLANATION, "add"), reverse("board-ask")
    for scope, row in world.cells(ACTIVITY):
        want = MISSING if right_alone == OK and not allowed(role, ACTIVITY, "view", scope) else right_alone
        with undone():
            before = ExplanationRequest.objects.count()
            answer = visitors.post(role, address, {"hoat_dong": row.code})
            made = ExplanationRequest.objects.count() - before
            fine = verdict(answer) == want and made == int(want == OK)
            cells.check(fine, role, "ask at once", scope, got=(verdict(answer), made))


@each_role
def test_the_board(world, visitors, cells, role):
    """Public rows for whoever reads activities; requests as their scope says."""
    want = gate(role, ACTIVITY, "view")
    for name, query in (
        ("board", {}),
        *(("board-activities", {"nhom": group}) for group in ("chu-tri", "qua-han")),
        ("board-memoranda", {}),
    ):
        answer = visitors.get(role, reverse(name), query)
        cells.check(verdict(answer) == want, role, name, query, got=verdict(answer))
        if want != OK:
            continue
        for label, scopes in named_beyond(world, role, answer.content.decode()).items():
            shared = label in (ACTIVITY, "enterprises.mou")
            named = [
                scope
                for scope in scopes
                if not shared or scope in ("unpublished", "deleted", "deleted foreign")
            ]
            cells.check(not named, role, name, label, got=named)


# Periods


def _period_gate(role: str) -> str:
    return gate(role, "programs.reportingperiod", "view")


@each_role
def test_sending_a_period(world, visitors, cells, role):
    label = "programs.periodreport"
    with undone():
        world.plan.agencies.set(world.agencies.values())
        period = ReportingPeriod.objects.create(
            plan=world.plan, kind="year", label="Năm 2023", start_on="2023-01-01", end_on="2023-12-31"
        )
        address = reverse("period-detail", args=(period.pk,))
        for scope in AGENCY_SCOPES:
            data = {"action": "send", "agency": world.agencies[scope].pk}
            with undone():
                answer = visitors.post(role, address, data)
                may = allowed(role, label, "add", scope)
                want = OK if may else LOGIN if role == ANYBODY else FORBIDDEN
                made = PeriodReport.objects.filter(period=period).count()
                right = verdict(answer) == want and made == int(may)
                cells.check(right, role, "send", scope, got=(verdict(answer), made))
        nobody = visitors.post(role, address, {"action": "send", "agency": MISSING_KEY})
        want = MISSING if _period_gate(role) == OK else _period_gate(role)
        cells.check(verdict(nobody) == want, role, "send", "missing", got=verdict(nobody))


@each_role
def test_sealing_a_period(world, visitors, cells, role):
    """The right to seal, and a plan that the own agency signed; whoever runs the system seals all."""
    for whose, plan in (("own", world.plan), ("another's", world.quiet_plan)):
        with undone():
            period = ReportingPeriod.objects.create(
                plan=plan, kind="quarter", label="Quý I", start_on="2020-01-01", end_on="2020-03-31"
            )
            data = {"action": "seal", "seen": "1", "incomplete_reason": "Chưa đủ"}
            answer = visitors.post(role, reverse("period-detail", args=(period.pk,)), data)
            may = holds(role, "programs.reportingperiod", "seal") and (
                whose == "own" or role == RUNS_THE_SYSTEM
            )
            want = OK if may else LOGIN if role == ANYBODY else FORBIDDEN
            sealed = Snapshot.objects.filter(period=period).exists()
            right = verdict(answer) == want and sealed == may
            cells.check(right, role, "seal", whose, got=(verdict(answer), sealed))
