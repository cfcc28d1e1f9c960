from enterprises.models.enterprise import Enterprise
from enterprises.models.merge import EnterpriseMerge
from enterprises.models.mou import MOU

__all__ = ["MOU", "Enterprise", "EnterpriseMerge"]
