"""One record of every model in every scope of cooperation.permissions.SCOPES, and one member of staff a role.

All of the cast belong to one agency: "own" is its own, and so on. Names hold a mark, so that a test can tell
which record a page or a file speaks of.
"""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cooperation.models import (
    BackgroundFact,
    ColumnMapping,
    ImportBatch,
    Source,
)
from cooperation.permissions import ROLES
from cooperation.roles import sync_roles
from enterprises import merging
from programs.evidence.attaching import attach
from programs.models import (
    Erratum,
    Handover,
    Indicator,
    PeriodReport,
    ProgressUpdate,
    ReportingPeriod,
)
from programs.periods.sealing import seal
from tests import factories
from tests.programs.evidence.hostile import pdf

ANYBODY = "không đăng nhập"
NO_ROLE = "không vai trò"
CAST = (ANYBODY, NO_ROLE, *ROLES)
Status = ProgressUpdate.Status

AGENCY_SCOPES = ("own", "unit", "predecessor", "neighbour", "foreign")
DAY = datetime.date(2022, 6, 30)
DELETED_ON = datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC)


def mark_of(label: str, scope: str) -> str:
    """A word of its own for one record; letters only, so that every search finds it whole."""
    return f"zz{label.split('.')[1]}in{scope.replace(' ', '')}zz"


class World:
    """`records[label][scope]`; `users[role]`; `marks[label][scope]` where the record's text holds one."""

    def __init__(self):
        sync_roles()
        self.records: dict[str, dict] = {}
        self.marks: dict[str, dict[str, str]] = {}
        self._make_agencies()
        self.author = factories.make_user("nguoi-lap", is_superuser=True)
        self.users = {
            role: factories.make_user(f"vai-{number}", agency=self.agencies["own"], role=role)
            for number, role in enumerate(ROLES)
        }
        self.users[NO_ROLE] = factories.make_user("vai-khong", agency=self.agencies["own"])
        self._make_base()
        self._make_shared()
        self._make_activities()
        self._make_parts()
        self._make_owned()
        self._make_accounts()
        self._make_periods()

    def put(self, label: str, scope: str, record, mark: bool = True):
        self.records.setdefault(label, {})[scope] = record
        if mark:
            self.marks.setdefault(label, {})[scope] = mark_of(label, scope)
        return record

    def cells(self, label: str):
        """(scope, record) of the model, in the order of the making."""
        return tuple(self.records[label].items())

    def _make_agencies(self):
        here, there = factories.make_province("Bến Lức"), factories.make_province("Hòa Thành")
        own = factories.make_agency("Sở của mình", province=here)
        gone = {"dissolved_on": datetime.date(2024, 1, 1), "successor": own}
        self.agencies = {
            "own": own,
            "unit": factories.make_agency("Trung tâm", province=here, parent=own),
            "predecessor": factories.make_agency("Sở cũ", province=there, **gone),
            "neighbour": factories.make_agency("Sở cùng tỉnh", province=here),
            "foreign": factories.make_agency("Sở tỉnh khác", province=there),
        }

    def _make_base(self):
        """What the records stand on; none of it is a record of the matrix."""
        self.giver = factories.make_agency("Sở giao việc")
        self.plan = factories.make_plan(is_main=True, slug="chinh")
        self.plan.agencies.set([self.agencies["own"], self.agencies["foreign"]])
        self.area = factories.make_area(self.plan, 90)

    def _make_shared(self):
        """Reference data: published, not published, deleted."""
        makers = {
            "cooperation.province": lambda mark, **_f: factories.make_province(
                mark, full_name=f"Tỉnh {mark}"
            ),
            "cooperation.agency": lambda mark, **_f: factories.make_agency(mark),
            "cooperation.agreement": lambda mark, **f: factories.make_agreement(title=mark, slug=mark, **f),
            "cooperation.jointplan": lambda mark, **f: factories.make_plan(title=mark, slug=mark, **f),
            "cooperation.cooperationarea": self._area,
            "cooperation.source": lambda mark, **_f: Source.objects.create(
                code=mark[:18] + str(len(self.records["cooperation.source"])), publisher="Báo", title=mark
            ),
            "cooperation.backgroundfact": lambda mark, **f: BackgroundFact.objects.create(
                code=f"BC{len(self.records['cooperation.backgroundfact'])}", title=mark,
                relation="one_side", **f,
            ),
            "programs.program": lambda mark, **f: factories.make_program(
                self.area, title=mark, code=mark[:40], **f
            ),
            "programs.indicator": lambda mark, **f: Indicator.objects.create(
                area=self.area, code=mark[:40], name=mark, unit="lượt", aggregation="periodic", **f
            ),
            "enterprises.enterprise": lambda mark, **f: factories.make_enterprise(mark, **f),
        }  # fmt: skip
        for label, make in makers.items():
            self.records[label] = {}
            for scope in ("shared", "shared unpublished", "shared deleted"):
                mark = mark_of(label, scope)
                if scope != "shared unpublished":
                    self.put(label, scope, make(mark))
                elif hasattr(type(self.records[label]["shared"]), "PUBLISHED_WITH"):
                    self.put(label, scope, make(mark, published=False))
            _bury(self.records[label]["shared deleted"])
        value = self.records["programs.indicator"]["shared"].values
        self.put("programs.indicatorvalue", "shared", value.create(year=2020, target=5), mark=False)
        buried = _bury(value.create(year=2021, target=6))
        self.put("programs.indicatorvalue", "shared deleted", buried, mark=False)
        kept, merged = (factories.make_enterprise(f"zzgop{n}zz") for n in "ab")
        merge = merging.merge(kept, merged, user=self.author, reason="Một doanh nghiệp")
        self.put("enterprises.enterprisemerge", "shared", merge, mark=False)

    def _area(self, mark, **facts):
        number = len(self.records["cooperation.cooperationarea"]) + 1
        return factories.make_area(self.plan, number, title=mark, **facts)

    def _make_activities(self):
        """In each scope, one that is the scope's agency's; "partner" is led from the other province."""
        for scope in (*AGENCY_SCOPES, "partner", "unpublished", "deleted", "deleted foreign"):
            lead = self.agencies["foreign" if scope in ("partner", "deleted foreign") else _lead(scope)]
            mark = mark_of("programs.activity", scope)
            row = factories.make_activity(
                self.area, title=mark, code=mark, lead_agency=lead, published=scope != "unpublished"
            )
            if scope == "partner":
                row.partner_agencies.add(self.agencies["own"])
            self.put("programs.activity", scope, row)

    def _make_parts(self):
        """What stands on activities. Foreign parts stand on shared work: the hardest to hide."""
        activities = self.records["programs.activity"]
        for scope, activity in activities.items():
            led = activity.lead_agency
            if scope == "foreign":
                activity = activities["partner"]
            own_part = activities["own"] if scope == "deleted" else activity
            report = factories.make_update(
                own_part,
                agency=led,
                results=mark_of("programs.progressupdate", scope),
                reported_by=self.author,
                status=_STATES.get(scope, Status.DRAFT),
                decided_at=timezone.now() if scope == "partner" else None,
            )
            self.put("programs.progressupdate", scope, report)
            evidence = attach(
                activity=own_part,
                update=report if scope in ("foreign", "deleted foreign") else None,
                file=SimpleUploadedFile(f"{scope}.pdf", pdf(f"<</Type/Catalog/X({scope})>>".encode())),
                title=mark_of("programs.evidence", scope),
                document_number="",
                user=self.author,
            )
            self.put("programs.evidence", scope, evidence)
            part_on = activities["foreign"] if scope == "foreign" else own_part
            due = DAY if scope != "deleted" else DAY.replace(year=2023)
            milestone = factories.make_milestone(part_on, due, title=mark_of("programs.milestone", scope))
            self.put("programs.milestone", scope, milestone)
            change = factories.make_schedule_change(
                part_on, due, document=mark_of("programs.schedulechange", scope)
            )
            self.put("programs.schedulechange", scope, change)
            suspension = factories.make_suspension(
                part_on, due, due, document=mark_of("programs.suspension", scope)
            )
            self.put("programs.suspension", scope, suspension)
            if not scope.startswith("deleted"):
                handover = Handover.objects.create(
                    activity=part_on, from_agency=self.giver, to_agency=led, on=DAY
                )
                self.put("programs.handover", scope, handover, mark=False)
        parts = ("progressupdate", "evidence", "milestone", "schedulechange", "suspension")
        for label in (*parts, "activity"):
            for scope in ("deleted", "deleted foreign"):
                _bury(self.records[f"programs.{label}"][scope])

    def _make_owned(self):
        """What belongs to an agency by itself."""
        self.spare = factories.make_enterprise("zzduzz")  # without memoranda of anybody
        self.parties = parties = [factories.make_enterprise(f"zzben{n}zz") for n in "ab"]
        for scope in (*AGENCY_SCOPES, "unpublished", "deleted", "deleted foreign"):
            agency = self.agencies[_lead(scope)]
            mark = mark_of("enterprises.mou", scope)
            mou = factories.make_mou(
                self.area, agency=agency, number=mark, party_a=parties[0], party_b=parties[1],
                published=scope != "unpublished",
            )  # fmt: skip
            self.put("enterprises.mou", scope, _bury(mou) if scope.startswith("deleted") else mou)
        activities = self.records["programs.activity"]
        for scope in AGENCY_SCOPES:
            agency = self.agencies[scope]
            about = activities["partner" if scope == "foreign" else scope]
            self.put(
                "programs.explanationrequest",
                scope,
                factories.make_explanation(
                    about, agency=agency, asked_by=self.author,
                    question=mark_of("programs.explanationrequest", scope), due_on=datetime.date(2099, 1, 1),
                ),
            )  # fmt: skip
            self.put(
                "cooperation.importbatch",
                scope,
                ImportBatch.objects.create(
                    kind="mou", key=scope, plan=self.plan, sha256="0" * 64, state="committed",
                    file_name=mark_of("cooperation.importbatch", scope), user=self.author, agency=agency,
                    committed_at=timezone.now(),
                ),
            )  # fmt: skip
            self.put(
                "cooperation.columnmapping",
                scope,
                ColumnMapping.objects.create(
                    kind="mou", field="signed_on", agency=agency,
                    header=mark_of("cooperation.columnmapping", scope),
                ),
            )  # fmt: skip
        # Of a colleague, and not written yet: in the list, and nobody else's to open.
        self.waiting_batch = ImportBatch.objects.create(
            kind="mou", plan=self.plan, file_name="zzcholam.xlsx", sha256="1" * 64, state="previewed",
            user=self.author, agency=self.agencies["own"],
        )  # fmt: skip

    def _make_accounts(self):
        for scope in (*AGENCY_SCOPES, "stronger"):
            account = factories.make_user(
                mark_of("cooperation.user", scope),
                agency=self.agencies["own" if scope == "stronger" else scope],
                role="Chuyên viên",
                is_superuser=scope == "stronger",
            )
            self.put("cooperation.user", scope, account)

    def _make_periods(self):
        """An open period with the agencies' words, and a sealed one of a plan without activities."""
        facts = {"plan": self.plan, "kind": "year"}
        label = "programs.reportingperiod"
        for year, scope in ((2021, "shared"), (2020, "shared deleted")):
            period = ReportingPeriod.objects.create(
                label=mark_of(label, scope), start_on=f"{year}-01-01", end_on=f"{year}-12-31", **facts
            )
            self.put(label, scope, _bury(period) if scope == "shared deleted" else period)
        self.period = ReportingPeriod.objects.create(
            label="Năm 2022", start_on="2022-01-01", end_on="2022-12-31", **facts
        )
        for scope in AGENCY_SCOPES:
            report = PeriodReport.objects.create(
                period=self.period,
                agency=self.agencies[scope],
                note=mark_of("programs.periodreport", scope),
                sent_by=self.author,
                sent_at=timezone.now(),
            )
            self.put("programs.periodreport", scope, report)
        self.quiet_plan = factories.make_plan(slug="yen-ang", title="zzyenangzz")
        closed = ReportingPeriod.objects.create(
            plan=self.quiet_plan, kind="year", label="zzdachotzz", start_on="2022-01-01", end_on="2022-12-31"
        )
        snapshot = seal(period=closed, user=self.author)
        self.put("programs.snapshot", "shared", snapshot, mark=False)
        erratum = Erratum.objects.create(
            snapshot=snapshot, number=1, reason=mark_of("programs.erratum", "shared"),
            content='{"changes": []}', recorded_at=timezone.now(),
        )  # fmt: skip
        self.put("programs.erratum", "shared", erratum)


_STATES = {"partner": Status.ACCEPTED, "foreign": Status.SUBMITTED, "neighbour": Status.SUBMITTED}


def _lead(scope: str) -> str:
    """Whose the rows of a scope are."""
    return {"unpublished": "own", "deleted": "own", "deleted foreign": "foreign"}.get(scope, scope)


def _bury(record):
    """Put it into the bin as it is; the rules of deleting are tested elsewhere."""
    record.deleted_at = DELETED_ON
    type(record).with_deleted.filter(pk=record.pk).update(deleted_at=DELETED_ON)
    return record
