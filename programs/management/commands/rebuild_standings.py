"""Counts the current figures again, or only says where they are not what the records say."""

from django.core.management.base import BaseCommand, CommandError

from cooperation.models import JointPlan
from programs.standings.checking import differences
from programs.standings.keeping import rebuild

NAMED_AT_MOST = 20


class Command(BaseCommand):
    help = (
        "Tính lại số liệu hiện thời của mọi kế hoạch. --check: chỉ so với dữ liệu gốc, "
        "có chỗ khác thì liệt kê và kết thúc với mã 1."
    )

    def add_arguments(self, parser):
        parser.add_argument("--plan", default="", help="định danh của một kế hoạch; mặc định: tất cả")
        parser.add_argument("--check", action="store_true", help="chỉ so, không ghi")

    def handle(self, *args, plan, check, **options):
        plans = JointPlan.objects.order_by("slug")
        if plan and not (plans := plans.filter(slug=plan)):
            raise CommandError(f"Không có kế hoạch “{plan}”.")
        found = 0
        for one in plans:
            if not check:
                self.stdout.write(f"{one.slug}: {rebuild(one)} hoạt động.")
                continue
            lines = list(differences(one))
            found += len(lines)
            for line in lines[:NAMED_AT_MOST]:
                self.stdout.write(f"{one.slug}: {line}")
            if len(lines) > NAMED_AT_MOST:
                self.stdout.write(f"{one.slug}: … và {len(lines) - NAMED_AT_MOST} chỗ khác nữa")
        if found:
            raise CommandError(
                f"Có {found} chỗ khác với dữ liệu gốc. Chạy lại lệnh không có --check để tính lại."
            )
        if check:
            self.stdout.write("Số liệu hiện thời khớp với dữ liệu gốc.")
