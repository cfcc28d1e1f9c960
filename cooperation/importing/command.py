"""What every import command does: preview by default, `--commit` writes.

Exit status: 0 every row is fine; 1 some rows are rejected; 2 the file cannot be used, with one sentence.
"""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from cooperation.importing import batch, preview, workbooks
from cooperation.importing.kinds import kind_named
from cooperation.importing.reader import UnusableFileError
from cooperation.models import JointPlan, User


class ImportCommand(BaseCommand):
    """A subclass names its `kind` of sheet."""

    kind = ""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="tệp .xlsx, .xls, .ods hoặc .csv")
        parser.add_argument("--plan", default="", help="định danh kế hoạch; mặc định: kế hoạch ở trang chủ")
        parser.add_argument("--sheet", default="", help="tên trang tính; mặc định: trang đầu có dữ liệu")
        parser.add_argument("--user", default="", help="ghi với quyền của tài khoản này")
        parser.add_argument("--commit", action="store_true", help="ghi vào cơ sở dữ liệu")
        parser.add_argument(
            "--accept-partial", action="store_true", help="ghi những dòng đúng dù có dòng lỗi"
        )
        parser.add_argument("--report", type=Path, help="ghi báo cáo JSON ra tệp này")
        parser.add_argument("--annotated", type=Path, help="ghi lại bảng tính kèm cột Lỗi ra tệp này")
        parser.add_argument(
            "--split-parties", action="store_true", help="tách cột ghi cả hai bên (“A – B”) thành hai"
        )

    def handle(self, *args, **options):
        try:
            sys.exit(self._run(options))
        except (UnusableFileError, batch.ImportConflictError) as refusal:
            self.stderr.write(str(refusal))
            sys.exit(2)
        except DatabaseError:
            self.stderr.write("Cơ sở dữ liệu không trả lời hoặc đang bận: chưa ghi gì. Hãy thử lại sau.")
            sys.exit(2)
        except OSError as fault:
            self.stderr.write(f"Không mở được tệp {fault.filename}: hãy kiểm tra đường dẫn.")
            sys.exit(2)

    def _run(self, options) -> int:
        user = self._user(options["user"])
        plan = self._plan(options["plan"])
        for target in filter(None, (options["report"], options["annotated"])):
            if target.resolve() == options["file"].resolve():
                raise UnusableFileError("Tệp báo cáo phải khác tệp nhập: hãy chọn tên khác.")
            target.open("ab").close()  # a place that cannot be written is found out before anything is stored
        kind = kind_named(self.kind)
        seen = preview.build(
            options["file"],
            kind,
            plan,
            user=user,
            options={"sheet": options["sheet"], "split_parties": options["split_parties"]},
        )
        if seen.missing:
            raise UnusableFileError(
                f"Dòng tiêu đề (dòng {seen.header.row}) thiếu cột: {', '.join(seen.missing)}. "
                "Hãy thêm cột ấy hoặc dùng tệp mẫu."
            )
        self._warn_of_sheets(seen)
        rejected = seen.counts()["rejected"]
        stored, committed = None, False
        if options["commit"] and (not rejected or options["accept_partial"]):
            try:
                stored = batch.commit(seen, batch.new_batch(seen, user), user=user)
            except batch.AlreadyWrittenError as written:
                stored = written.batch
            committed = True
        report = seen.report(committed=committed, batch=stored.pk if stored else None)
        if options["report"]:
            options["report"].write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
        if options["annotated"]:
            options["annotated"].write_bytes(workbooks.annotated_preview(seen))
        self._say(report, options["commit"])
        return 1 if rejected else 0

    def _warn_of_sheets(self, seen) -> None:
        if seen.other_tables:
            names = ", ".join(f"“{name}”" for name in seen.other_tables)
            self.stderr.write(f"Chỉ đọc trang “{seen.sheet.name}”; tệp còn bảng ở trang {names} (--sheet).")

    def _user(self, username: str) -> User | None:
        if not username:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise UnusableFileError(f"Không có tài khoản “{username}” đang hoạt động.")
        return user

    def _plan(self, slug: str) -> JointPlan:
        """The plan named, else the main one, else the only one."""
        plans = JointPlan.objects.order_by("slug")
        chosen = plans.filter(slug=slug) if slug else plans.filter(is_main=True)
        if not slug and not chosen and plans.count() == 1:
            chosen = plans
        plan = chosen.first()
        if plan is None:
            known = ", ".join(plans.values_list("slug", flat=True)) or "chưa có kế hoạch nào"
            raise UnusableFileError(f"Hãy chọn kế hoạch bằng --plan, một trong: {known}.")
        return plan

    def _say(self, report: dict, wanted: bool) -> None:
        self.stdout.write(
            f"{report['rows']} dòng: {report['created']} mới, {report['updated']} thay đổi, "
            f"{report['unchanged']} không đổi, {report['duplicates']} trùng, {report['rejected']} lỗi."
        )
        for problem in report["problems"]:
            self.stdout.write(
                f"  dòng {problem['row']}, {problem['column']} ({problem['code']}): {problem['message']}"
            )
        if report["committed"]:
            self.stdout.write("Đã ghi." if report["batch"] else "Không có gì thay đổi.")
        elif wanted:
            self.stdout.write(
                "Chưa ghi gì vì có dòng lỗi. Sửa tệp, hoặc thêm --accept-partial để ghi những dòng đúng."
            )
        else:
            self.stdout.write("Đây là xem trước, chưa ghi gì. Thêm --commit để ghi.")
