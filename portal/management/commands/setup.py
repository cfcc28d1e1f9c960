"""Makes an empty database usable and leaves a used one as it is: roles, facts, demonstration."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.timezone import localdate

from cooperation.fixture_loading import REAL_FIXTURES, load_once
from cooperation.models import Agency, JointPlan, User
from cooperation.roles import sync_roles
from programs.models import KeptStandings, ReportingPeriod
from programs.periods.sealing import seal
from programs.standings.keeping import rebuild

DEMONSTRATION_FIXTURE = "demo.json"
# Account, role and agency of the demonstration plan; no role: system administrator.
ACCOUNTS = (
    ("quantri", "", "", "Quản trị hệ thống (minh họa)"),
    ("chuyenvien.la", "Chuyên viên", "minh-hoa-sct-loc-an", "Chuyên viên Lộc An (minh họa)"),
    ("chuyenvien.tn", "Chuyên viên", "minh-hoa-sct-thanh-ninh", "Chuyên viên Thanh Ninh (minh họa)"),
    ("nguoiduyet.la", "Người duyệt", "minh-hoa-sct-loc-an", "Người duyệt Lộc An (minh họa)"),
    ("nguoiduyet.tn", "Người duyệt", "minh-hoa-sct-thanh-ninh", "Người duyệt Thanh Ninh (minh họa)"),
    ("nhaplieu", "Nhập liệu", "minh-hoa-sct-loc-an", "Nhập liệu (minh họa)"),
    ("lanhdao", "Lãnh đạo", "minh-hoa-sct-loc-an", "Lãnh đạo (minh họa)"),
    ("quantridonvi", "Quản trị đơn vị", "minh-hoa-sct-loc-an", "Quản trị đơn vị Lộc An (minh họa)"),
)


SEALED_FOR_SHOW = "Dữ liệu minh họa: chốt sẵn khi cài đặt để xem thử số liệu đã chốt."


class Command(BaseCommand):
    help = (
        "Tạo nhóm quyền, nạp dữ liệu có nguồn (một lần) và, khi không phải bản chính thức, dữ liệu minh họa."
    )

    def handle(self, *args, **options):
        sync_roles()
        folder = Path(settings.FIXTURE_DIRS[0])
        names = [*REAL_FIXTURES, *([DEMONSTRATION_FIXTURE] if settings.PORTAL_DEMONSTRATION else [])]
        loaded_any = False
        for name in names:
            loaded = load_once(folder / name)
            if loaded is not None:
                loaded_any = True
                self.stdout.write(f"Đã nạp {name}: {loaded} bản ghi.")
        # Fixtures are written past what keeps the current figures; a plan of an older version has none.
        kept = set() if loaded_any else set(KeptStandings.objects.values_list("plan", flat=True))
        for plan in JointPlan.objects.exclude(pk__in=kept):
            rebuild(plan)
        if settings.PORTAL_DEMONSTRATION and not User.objects.exists():
            self._make_accounts()
            self._seal_years()

    @transaction.atomic
    def _make_accounts(self):
        password = os.environ.get("PORTAL_DEMO_PASSWORD") or secrets.token_urlsafe(12)
        agencies = {agency.slug: agency for agency in Agency.objects.filter(is_demonstration=True)}
        for username, role, agency, full_name in ACCOUNTS:
            user = User.objects.create_user(
                username=username,
                password=password,
                full_name=full_name,
                agency=agencies.get(agency),
                is_staff=True,
                is_superuser=not role,
            )
            if role:
                user.groups.add(Group.objects.get(name=role))
        self.stdout.write("Tài khoản dùng thử: " + ", ".join(account[0] for account in ACCOUNTS))
        self.stdout.write(f"Mật khẩu chung: {password}")

    def _seal_years(self):
        """The demonstration's past years are sealed, so that there is something to slide over and compare."""
        years = ReportingPeriod.objects.filter(
            plan__is_demonstration=True, kind=ReportingPeriod.Kind.YEAR, end_on__lt=localdate()
        )
        administrator = User.objects.filter(is_superuser=True).order_by("pk").first()
        for period in years.order_by("end_on"):
            seal(period=period, user=administrator, incomplete_reason=SEALED_FOR_SHOW)
