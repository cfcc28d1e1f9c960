from programs.models.activity import Activity
from programs.models.evidence import Evidence
from programs.models.explanations import ExplanationRequest
from programs.models.handovers import Handover
from programs.models.indicators import Indicator, IndicatorValue
from programs.models.periods import PeriodReport, ReportingPeriod
from programs.models.program import Program
from programs.models.reminders import SentReminder
from programs.models.reporting import Milestone, ProgressUpdate
from programs.models.schedules import ScheduleChange, Suspension
from programs.models.snapshots import Erratum, Snapshot
from programs.models.standings import AgencyStanding, AreaStanding, KeptStandings, LeafStanding

__all__ = [
    "Activity",
    "AgencyStanding",
    "AreaStanding",
    "Erratum",
    "Evidence",
    "ExplanationRequest",
    "Handover",
    "Indicator",
    "IndicatorValue",
    "KeptStandings",
    "LeafStanding",
    "Milestone",
    "PeriodReport",
    "Program",
    "ProgressUpdate",
    "ReportingPeriod",
    "ScheduleChange",
    "SentReminder",
    "Snapshot",
    "Suspension",
]
