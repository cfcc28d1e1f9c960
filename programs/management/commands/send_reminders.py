"""Once a day: a digest to everybody for whom something is due. Days that were missed are caught up."""

import sys

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from programs.reminders.sending import send_due


class Command(BaseCommand):
    help = "Gửi thư nhắc việc; chạy mỗi ngày một lần, chạy lại không gửi trùng."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="chỉ đếm, không gửi và không ghi gì")

    def handle(self, *args, **options):
        outcome = send_due(localdate(), dry_run=options["dry_run"])
        verb = "Sẽ gửi" if options["dry_run"] else "Đã gửi"
        self.stdout.write(f"{verb} {outcome.mails} thư, {outcome.things} việc.")
        if outcome.failed:
            self.stderr.write(
                f"{outcome.failed} thư chưa gửi được: hãy kiểm tra máy chủ thư rồi chạy lại lệnh này; "
                "thư đã gửi không bị gửi trùng."
            )
            sys.exit(1)
