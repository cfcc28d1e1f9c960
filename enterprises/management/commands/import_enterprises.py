"""Brings in a workbook of enterprises: preview by default, `--commit` writes (importing/command.py)."""

from cooperation.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Nhập doanh nghiệp từ bảng tính. Không có --commit thì chỉ xem trước, không ghi gì."
    kind = "enterprise"
