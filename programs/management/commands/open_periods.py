"""Opens the reporting periods of a plan's year; what is open already stays as it is."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cooperation.models import JointPlan
from programs.periods.calendar import KINDS
from programs.periods.opening import open_year


class Command(BaseCommand):
    help = "Mở các kỳ báo cáo của một năm. Chạy lại không mở thêm lần nữa."

    def add_arguments(self, parser):
        parser.add_argument("--plan", required=True, help="định danh của kế hoạch")
        parser.add_argument("--year", required=True, type=int, help="năm")
        parser.add_argument(
            "--kinds", nargs="+", choices=KINDS, default=KINDS, help="loại kỳ; mặc định: mọi loại"
        )

    def handle(self, *args, plan, year, kinds, **options):
        found = JointPlan.objects.filter(slug=plan).first()
        if found is None:
            raise CommandError(f"Không có kế hoạch “{plan}”.")
        if not 1990 <= year <= 2100:
            raise CommandError("Năm phải từ 1990 đến 2100.")
        try:
            opened, there = open_year(plan=found, year=year, kinds=kinds)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        for period in opened:
            self.stdout.write(f"{period}: {period.start_on:%d/%m/%Y} – {period.end_on:%d/%m/%Y}")
        self.stdout.write(f"Đã mở {len(opened)} kỳ; {there} kỳ đã có từ trước.")
