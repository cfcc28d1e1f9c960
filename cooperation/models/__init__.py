from cooperation.models.agreements import Agreement, CooperationArea, JointPlan
from cooperation.models.base import Confidence, Published, Searchable, SearchableQuerySet, Sourced
from cooperation.models.fixtures import LoadedFixture
from cooperation.models.imports import ColumnMapping, ImportBatch, ImportRow
from cooperation.models.institutions import Agency, Province
from cooperation.models.record import Record, kept_history, living, unique_living, with_deleted
from cooperation.models.saved_filters import SavedFilter
from cooperation.models.sources import BackgroundFact, Source
from cooperation.models.user import User

__all__ = [
    "Agency",
    "Agreement",
    "BackgroundFact",
    "ColumnMapping",
    "Confidence",
    "CooperationArea",
    "ImportBatch",
    "ImportRow",
    "JointPlan",
    "LoadedFixture",
    "Province",
    "Published",
    "Record",
    "SavedFilter",
    "Searchable",
    "SearchableQuerySet",
    "Source",
    "Sourced",
    "User",
    "kept_history",
    "living",
    "unique_living",
    "with_deleted",
]
