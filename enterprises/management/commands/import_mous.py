"""Brings in a workbook of memoranda: preview by default, `--commit` writes (importing/command.py)."""

from cooperation.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Nhập bản ghi nhớ từ bảng tính. Không có --commit thì chỉ xem trước, không ghi gì."
    kind = "mou"
