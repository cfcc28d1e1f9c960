"""The daily job: takes the current figures to today, and takes in plans that are not kept yet."""

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from cooperation.models import JointPlan
from programs.models import KeptStandings
from programs.standings.keeping import bring_to, rebuild


class Command(BaseCommand):
    help = "Đưa số liệu hiện thời sang ngày hôm nay; chạy mỗi ngày sau nửa đêm. Chạy lại không làm gì thêm."

    def handle(self, *args, **options):
        today = localdate()
        ahead = set(KeptStandings.objects.filter(on__gt=today).values_list("plan", flat=True))
        for plan in JointPlan.objects.order_by("slug"):
            if plan.pk in ahead or not bring_to(plan, today):
                rebuild(plan, today)
        self.stdout.write(f"Số liệu hiện thời là của ngày {today:%d/%m/%Y}.")
