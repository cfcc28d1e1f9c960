"""Seals one reporting period in the name of a member of staff who may do so."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from cooperation.models import User
from programs.models import ReportingPeriod
from programs.periods.calendar import KINDS
from programs.periods.sealing import seal


class Command(BaseCommand):
    help = "Chốt số liệu của một kỳ báo cáo. Chốt rồi không sửa được."

    def add_arguments(self, parser):
        parser.add_argument("--plan", required=True, help="định danh của kế hoạch")
        parser.add_argument("--kind", required=True, choices=KINDS, help="loại kỳ")
        parser.add_argument(
            "--end", required=True, type=datetime.date.fromisoformat, help="ngày chốt, dạng 2021-12-14"
        )
        parser.add_argument("--by", required=True, help="tên đăng nhập của người chốt")
        parser.add_argument("--reason", default="", help="lý do chốt khi chưa đủ báo cáo")

    def handle(self, *args, plan, kind, end, by, reason, **options):
        period = ReportingPeriod.objects.filter(plan__slug=plan, kind=kind, end_on=end).first()
        if period is None:
            raise CommandError(f"Kế hoạch “{plan}” không có kỳ loại {kind} đến ngày {end:%d/%m/%Y}.")
        user = User.objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"Không có tài khoản “{by}”.")
        try:
            snapshot = seal(period=period, user=user, incomplete_reason=reason)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except PermissionDenied as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Đã chốt {period}. SHA-256: {snapshot.sha256}")
