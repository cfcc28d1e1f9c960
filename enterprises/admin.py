"""Admin of enterprises, memoranda and imports."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cooperation.admin import SOURCED
from cooperation.admin_base import PortalAdmin
from enterprises.merge_admin import LivingFilter, MergingAdmin
from enterprises.models import MOU, Enterprise


@admin.register(Enterprise)
class EnterpriseAdmin(MergingAdmin):
    import_kind = "enterprise"
    list_display = ("name", "tax_code", "province", "published", "merged_into")
    list_filter = ("province", "is_demonstration", "published", LivingFilter)
    list_select_related = ("province", "merged_into")
    search_fields = ("search_text",)
    autocomplete_fields = ("province", "sources")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "other_names",
                    "tax_code",
                    "personal_number",
                    "province",
                    "published",
                    "is_demonstration",
                )
            },
        ),
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
    import_kind = "mou"
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
