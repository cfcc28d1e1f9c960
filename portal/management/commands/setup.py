"""Makes an empty database usable and leaves a used one as it is: roles, facts, demonstration."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction

from cooperation.fixture_loading import REAL_FIXTURES, load_once
from cooperation.models import Agency, User
from cooperation.roles import sync_roles

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
)


class Command(BaseCommand):
    help = (
        "Tạo nhóm quyền, nạp dữ liệu có nguồn (một lần) và, khi không phải bản chính thức, dữ liệu minh họa."
    )

    def handle(self, *args, **options):
        sync_roles()
        folder = Path(settings.FIXTURE_DIRS[0])
        names = [*REAL_FIXTURES, *([DEMONSTRATION_FIXTURE] if settings.PORTAL_DEMONSTRATION else [])]
        for name in names:
            loaded = load_once(folder / name)
            if loaded is not None:
                self.stdout.write(f"Đã nạp {name}: {loaded} bản ghi.")
        if settings.PORTAL_DEMONSTRATION and not User.objects.exists():
            self._make_accounts()

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
