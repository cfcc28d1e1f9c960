from programs.admin.activities import ActivityAdmin, ProgramAdmin
from programs.admin.explanations import ExplanationRequestAdmin
from programs.admin.periods import ErratumAdmin, PeriodReportAdmin, ReportingPeriodAdmin, SnapshotAdmin
from programs.admin.reports import IndicatorAdmin, ProgressUpdateAdmin

__all__ = [
    "ActivityAdmin",
    "ErratumAdmin",
    "ExplanationRequestAdmin",
    "IndicatorAdmin",
    "PeriodReportAdmin",
    "ProgramAdmin",
    "ProgressUpdateAdmin",
    "ReportingPeriodAdmin",
    "SnapshotAdmin",
]
