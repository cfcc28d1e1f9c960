from programs.admin.activities import ActivityAdmin, ProgramAdmin
from programs.admin.periods import ReportingPeriodAdmin, SnapshotAdmin
from programs.admin.reports import IndicatorAdmin, ProgressUpdateAdmin

__all__ = [
    "ActivityAdmin",
    "IndicatorAdmin",
    "ProgramAdmin",
    "ProgressUpdateAdmin",
    "ReportingPeriodAdmin",
    "SnapshotAdmin",
]
