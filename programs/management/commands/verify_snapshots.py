"""Holds every sealed period against its hash, the rule, and today's records."""

from django.core.management.base import BaseCommand, CommandError

from programs.models import Snapshot
from programs.periods.checking import check, record

SHOWN_AT_MOST = 5


class Command(BaseCommand):
    help = (
        "Đối chiếu số liệu đã chốt: mã băm, tính lại theo quy tắc, và hồ sơ hôm nay có khác mà chưa đính "
        "chính không. Mã thoát 1 khi có chỗ không đúng."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--record", action="store_true", help="ghi đính chính cho những chỗ khác chưa khai"
        )

    def handle(self, *args, **options):
        failed = checked = 0
        for pk in list(
            Snapshot.objects.order_by("period__plan", "period__end_on", "pk").values_list("pk", flat=True)
        ):
            snapshot = Snapshot.objects.select_related("period__plan").get(pk=pk)
            verdict = check(snapshot)
            checked += 1
            declared = None
            if verdict.undeclared and not verdict.broken and options["record"]:
                declared = record(snapshot)
            failed += not verdict.holds and declared is None
            self.stdout.write(f"{snapshot.period.plan.slug} · {snapshot.period}: {_said(verdict, declared)}")
        if failed:
            raise CommandError(f"{failed}/{checked} kỳ đã chốt không đúng.")
        self.stdout.write(f"Đã đối chiếu {checked} kỳ đã chốt: đúng cả.")


def _said(verdict, declared) -> str:
    if verdict.broken:
        return "HỎNG: " + "; ".join(verdict.broken)
    if declared is not None:
        return f"đã ghi đính chính số {declared.number} ({len(verdict.undeclared)} chỗ khác)"
    if verdict.undeclared:
        more = len(verdict.undeclared) - SHOWN_AT_MOST
        first = " | ".join(verdict.undeclared[:SHOWN_AT_MOST])
        return f"CHƯA ĐÍNH CHÍNH {len(verdict.undeclared)} chỗ: {first}" + (
            f" | và {more} chỗ nữa" if more > 0 else ""
        )
    return "đúng" + (", theo quy tắc cũ" if verdict.by_older_rule else "")
