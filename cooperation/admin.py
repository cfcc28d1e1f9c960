"""Admin of the ground floor: institutions, agreements, plans, areas, sources."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from cooperation.admin_accounts import UserAdmin
from cooperation.admin_base import PortalAdmin
from cooperation.admin_imports import ColumnMappingAdmin, ImportBatchAdmin
from cooperation.models import (
    Agency,
    Agreement,
    BackgroundFact,
    CooperationArea,
    JointPlan,
    Province,
    Source,
)

__all__ = ["ColumnMappingAdmin", "ImportBatchAdmin", "UserAdmin"]  # registered by being imported

SOURCED = (_("Nguồn"), {"fields": ("confidence", "sources", "note"), "classes": ("tab",)})

# Roles are written in permissions.py; an account is given one, nobody edits them here.
admin.site.unregister(Group)


@admin.register(Province)
class ProvinceAdmin(PortalAdmin):
    list_display = ("full_name", "code", "kind", "valid_from", "dissolved_on", "successor")
    list_filter = ("kind", "is_demonstration")
    list_select_related = ("successor",)
    search_fields = ("search_text",)
    autocomplete_fields = ("successor", "sources")
    prepopulated_fields = {"slug": ("full_name",)}
    export_fields = ("slug", "full_name", "code", "kind", "valid_from", "dissolved_on", "successor")
    fieldsets = (
        (None, {"fields": ("full_name", "name", "slug", "kind", "code", "is_demonstration")}),
        (
            _("Thời gian tồn tại"),
            {
                "fields": ("valid_from", "dissolved_on", "successor"),
                "description": _(
                    "Khi hợp nhất: ghi ngày đầu tiên không còn tỉnh này và tỉnh kế thừa. Hồ sơ cũ giữ nguyên."
                ),
            },
        ),
        SOURCED,
    )


@admin.register(Agency)
class AgencyAdmin(PortalAdmin):
    list_display = ("name", "kind", "province", "parent", "dissolved_on")
    list_filter = ("kind", "is_demonstration")
    list_select_related = ("province", "parent")
    search_fields = ("search_text",)
    autocomplete_fields = ("province", "parent", "successor", "sources")
    prepopulated_fields = {"slug": ("name",)}
    export_fields = (
        "slug",
        "name",
        "short_name",
        "kind",
        "province",
        "parent",
        "valid_from",
        "dissolved_on",
        "successor",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "short_name",
                    "slug",
                    "kind",
                    "province",
                    "parent",
                    "role",
                    "is_demonstration",
                )
            },
        ),
        (
            _("Thời gian tồn tại"),
            {
                "fields": ("valid_from", "dissolved_on", "successor"),
                "description": _(
                    "Quyền chuyển sang cơ quan kế thừa từ ngày ấy; hồ sơ giữ nguyên cơ quan lúc ký."
                ),
            },
        ),
        SOURCED,
    )


@admin.register(Agreement)
class AgreementAdmin(PortalAdmin):
    list_display = ("title", "number", "signed_on", "level", "start_year", "end_year", "published")
    list_filter = ("level", "published")
    search_fields = ("search_text",)
    autocomplete_fields = ("provinces", "signatories", "predecessor", "sources")
    prepopulated_fields = {"slug": ("title",)}
    export_fields = ("slug", "number", "title", "signed_on", "level", "start_year", "end_year")
    fieldsets = (
        (None, {"fields": ("title", "number", "slug", "level", "summary", "published")}),
        (_("Ký kết"), {"fields": ("signed_on", "signed_precision", "signed_at", "provinces", "signatories")}),
        (_("Giai đoạn"), {"fields": ("start_year", "end_year", "predecessor")}),
        SOURCED,
    )


@admin.register(JointPlan)
class JointPlanAdmin(PortalAdmin):
    list_display = (
        "title",
        "number",
        "signed_on",
        "start_year",
        "end_year",
        "is_main",
        "is_demonstration",
        "published",
    )
    list_filter = ("is_demonstration", "published")
    search_fields = ("search_text",)
    autocomplete_fields = ("agreement", "agencies", "predecessor", "sources")
    prepopulated_fields = {"slug": ("title",)}
    export_fields = ("slug", "number", "title", "signed_on", "start_year", "end_year", "agreement")
    fieldsets = (
        (
            None,
            {"fields": ("title", "number", "slug", "purpose", "is_main", "is_demonstration", "published")},
        ),
        (_("Ký kết"), {"fields": ("agreement", "signed_on", "signed_precision", "signed_at", "agencies")}),
        (_("Giai đoạn"), {"fields": ("start_year", "end_year", "predecessor")}),
        SOURCED,
    )


@admin.register(CooperationArea)
class CooperationAreaAdmin(PortalAdmin):
    list_display = ("__str__", "plan", "published")
    list_filter = ("plan",)
    list_select_related = ("plan",)
    search_fields = ("search_text",)
    autocomplete_fields = ("plan", "sources")
    export_fields = ("plan", "number", "title", "summary")
    fieldsets = (
        (None, {"fields": ("plan", "number", "title", "summary", "subtopics", "published")}),
        SOURCED,
    )


@admin.register(Source)
class SourceAdmin(PortalAdmin):
    list_display = ("code", "publisher", "title", "dated_on", "extent")
    list_filter = ("extent",)
    search_fields = ("code", "publisher", "title")
    ordering = ("code",)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "url":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(BackgroundFact)
class BackgroundFactAdmin(PortalAdmin):
    list_display = ("title", "relation", "dated_on", "confidence", "published")
    list_filter = ("relation", "confidence", "published")
    search_fields = ("search_text",)
    autocomplete_fields = ("areas", "agencies", "sources")
    fieldsets = (
        (
            None,
            {
                "fields": ("code", "title", "summary", "relation", "areas", "agencies", "published"),
                "description": _("Bối cảnh đứng ở trang lĩnh vực, không bao giờ tính vào tiến độ."),
            },
        ),
        (_("Thời gian, nơi, số liệu"), {"fields": ("dated_on", "date_precision", "place", "figures")}),
        SOURCED,
    )
