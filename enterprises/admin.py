"""Admin of enterprises, memoranda and imports."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cooperation.admin import SOURCED
from cooperation.admin_base import PortalAdmin, ScopedAdmin
from enterprises.import_views import import_urls
from enterprises.models import MOU, ColumnMapping, Enterprise, ImportBatch


@admin.register(Enterprise)
class EnterpriseAdmin(PortalAdmin):
    list_display = ("name", "tax_code", "province", "published")
    list_filter = ("province", "is_demonstration", "published")
    list_select_related = ("province",)
    search_fields = ("search_text",)
    autocomplete_fields = ("province", "sources")
    export_fields = ("name", "other_names", "tax_code", "province")
    fieldsets = (
        (None, {"fields": ("name", "other_names", "tax_code", "province", "published", "is_demonstration")}),
        SOURCED,
    )


@admin.register(MOU)
class MOUAdmin(PortalAdmin):
    list_display = ("parties", "number", "signed_on", "area", "status", "published")
    list_filter = ("plan", "status", "published")
    list_select_related = ("area", "party_a", "party_b")
    search_fields = ("search_text",)
    autocomplete_fields = ("plan", "area", "activity", "party_a", "party_b", "sources")
    owner_fields = ("agency", "plan", "area")
    import_export_change_list_template = "admin/enterprises/mou/change_list.html"
    export_fields = (
        "number", "signed_on", "signed_at", "event", "party_a", "party_b", "area", "content", "products",
        "quantity", "value", "currency", "effective_on", "expires_on", "status", "realised_value", "result",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("plan", "area", "agency", "number", "status", "published")}),
        (_("Ký kết"), {"fields": ("signed_on", "signed_at", "event", "activity")}),
        (_("Hai bên"), {"fields": ("party_a", "party_b")}),
        (_("Nội dung"), {"fields": ("content", "products", "effective_on", "expires_on", "result")}),
        (
            _("Giá trị, sản lượng"),
            {
                "fields": ("quantity", "value", "currency", "realised_value", "value_is_public"),
                "description": _("Chỉ công khai khi hai bên đã đồng ý."),
            },
        ),
        (
            _("Chỉ lưu nội bộ, không công khai"),
            {
                "fields": (
                    "party_a_address", "party_a_representative", "party_a_phone",
                    "party_b_address", "party_b_representative", "party_b_phone",
                ),
                "classes": ("collapse",),
            },
        ),
        SOURCED,
    )  # fmt: skip

    @admin.display(description=_("hai bên"), ordering="sort_key")
    def parties(self, mou):
        return mou.parties

    def get_urls(self):
        return [*import_urls(self.admin_site), *super().get_urls()]


@admin.register(ImportBatch)
class ImportBatchAdmin(ScopedAdmin):
    list_display = ("file_name", "plan", "user", "state", "committed_at")
    list_filter = ("state",)
    list_select_related = ("plan", "user")
    readonly_fields = ("file_name", "plan", "user", "state", "committed_at", "sha256")
    fields = readonly_fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ScopedAdmin):
    list_display = ("header", "field", "kind")
    search_fields = ("header",)
