from enterprises.models.batches import ColumnMapping, ImportBatch, ImportRow
from enterprises.models.enterprise import Enterprise
from enterprises.models.mou import MOU

__all__ = ["MOU", "ColumnMapping", "Enterprise", "ImportBatch", "ImportRow"]
