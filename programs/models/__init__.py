from programs.models.activity import Activity
from programs.models.indicators import Indicator, IndicatorValue
from programs.models.periods import ReportingPeriod, Snapshot
from programs.models.program import Program
from programs.models.reporting import Evidence, Milestone, ProgressUpdate

__all__ = [
    "Activity",
    "Evidence",
    "Indicator",
    "IndicatorValue",
    "Milestone",
    "Program",
    "ProgressUpdate",
    "ReportingPeriod",
    "Snapshot",
]
