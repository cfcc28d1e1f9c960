"""Records a merger of agencies, and of their provinces, and hands the open work over (handing_over.py)."""

import datetime

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.timezone import localdate

from cooperation.models import Agency, Province, User
from cooperation.succession import succeed
from programs.handing_over import hand_over, without_living_lead

NAMED_AT_MOST = 20


class Command(BaseCommand):
    help = (
        "Ghi việc sáp nhập cơ quan: cơ quan mới có quyền trên mọi dữ liệu của các cơ quan cũ "
        "và nhận việc đang mở. Chữ ký, báo cáo, việc đã xong và mọi con số giữ nguyên. "
        "Chạy lại không làm gì thêm."
    )

    def add_arguments(self, parser):
        parser.add_argument("predecessors", nargs="+", metavar="cơ-quan-cũ", help="định danh cơ quan cũ")
        parser.add_argument(
            "--on", required=True, help="ngày đầu tiên không còn cơ quan cũ, ví dụ 2025-07-01"
        )
        parser.add_argument("--into", required=True, help="định danh cơ quan kế thừa, đã có trong hệ thống")
        parser.add_argument("--document", default="", help="văn bản sáp nhập: số, ký hiệu")
        parser.add_argument("--province-into", default="", help="định danh tỉnh kế thừa")
        parser.add_argument("--provinces", nargs="+", default=[], help="định danh các tỉnh cũ")
        parser.add_argument("--user", default="", help="ghi dưới tên tài khoản này")
        parser.add_argument("--dry-run", action="store_true", help="chỉ báo sẽ làm gì, không ghi")

    def handle(self, *args, **options):
        on = self._day(options["on"])
        document = options["document"].strip()
        if len(document) > 120:
            raise CommandError("Tên văn bản dài quá 120 chữ: hãy ghi số, ký hiệu.")
        if bool(options["province_into"]) != bool(options["provinces"]):
            raise CommandError("Sáp nhập tỉnh cần cả --province-into và --provinces.")
        user = self._user(options["user"])
        done = False
        try:
            with transaction.atomic():
                if options["provinces"]:
                    done |= self._succeed(
                        Province, options["province_into"], options["provinces"], on, document, user
                    )
                done |= self._succeed(Agency, options["into"], options["predecessors"], on, document, user)
                done |= self._hand_over(options["predecessors"], document, user)
                self._say_what_is_left(on)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except ValidationError as refusal:
            raise CommandError(
                "Chưa ghi gì.\n" + "\n".join(f"- {line}" for line in refusal.messages)
            ) from refusal
        if not done:
            self.stdout.write("Không còn gì phải làm: việc sáp nhập này đã được ghi đủ.")
        elif options["dry_run"]:
            self.stdout.write("Chạy thử: chưa ghi gì.")

    def _day(self, raw: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(raw)
        except ValueError as fault:
            raise CommandError(
                f"Không đọc được ngày “{raw}”: hãy ghi năm-tháng-ngày, ví dụ 2025-07-01."
            ) from fault

    def _user(self, username: str) -> User | None:
        if not username:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"Không có tài khoản “{username}” đang hoạt động.")
        return user

    def _bodies(self, model, slugs: list[str]) -> list:
        found = {body.slug: body for body in model.objects.filter(slug__in=slugs)}
        if missing := [slug for slug in slugs if slug not in found]:
            name = model._meta.verbose_name
            raise CommandError(
                f"Không có {name} mang định danh: {', '.join(missing)}. "
                f"Hãy xem lại, hoặc lập {name} ấy trước."
            )
        return [found[slug] for slug in slugs]

    def _succeed(self, model, into, predecessors, on, document, user) -> bool:
        (successor,) = self._bodies(model, [into])
        bodies = self._bodies(model, predecessors)
        changed = succeed(successor, bodies, on, document=document, user=user)
        last = on - datetime.timedelta(days=1)
        for body in changed:
            self.stdout.write(
                f"{body.display_name}: đến hết {last:%d/%m/%Y}, từ {on:%d/%m/%Y} là {successor.display_name}."
            )
        return bool(changed)

    def _hand_over(self, predecessors, document, user) -> bool:
        bodies = self._bodies(Agency, predecessors)
        moved = hand_over(bodies, today=localdate(), document=document, user=user)
        for title, rows in (
            ("Hoạt động đang mở được bàn giao", moved.activities),
            ("Chương trình được bàn giao", moved.programs),
        ):
            if rows:
                self.stdout.write(f"{title}: {len(rows)}")
            for record, body, heir in rows:
                self.stdout.write(f"  {record.code}: {body.display_name} → {heir.display_name}")
        if moved:
            self.stdout.write(
                "Giữ nguyên: chữ ký, bản ghi nhớ, báo cáo, việc đã xong, đơn vị phối hợp, số liệu."
            )
        return bool(moved)

    def _say_what_is_left(self, on: datetime.date) -> None:
        """What people must still see to: the command moves only what it was told to move."""
        today = localdate()
        left = without_living_lead(today)
        if left:
            codes = ", ".join(left.values_list("code", flat=True)[:NAMED_AT_MOST])
            self.stdout.write(
                f"Chú ý: còn {left.count()} hoạt động đang mở do cơ quan đã thôi tồn tại chủ trì: {codes}."
            )
        orphans = Agency.objects.existing_on(today).filter(province__dissolved_on=on, parent__isnull=True)
        if orphans:
            names = ", ".join(body.slug for body in orphans[:NAMED_AT_MOST])
            self.stdout.write(
                f"Chú ý: {orphans.count()} cơ quan của tỉnh đã thôi tồn tại vẫn còn hiệu lực, "
                f"chưa ghi kế thừa: {names}."
            )
