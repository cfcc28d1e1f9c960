"""Cells that only enterprises and memoranda have. Pure functions; each raises ValueProblemError."""

from django.utils.translation import gettext as _

from cooperation.importing.values import ValueProblemError, choice, quoted, text
from enterprises import tax_codes

STATUSES = {
    "signed": ("da ky", "da ky ket", "moi ky", "da ky bien ban ghi nho"),
    "in_progress": (
        "dang thuc hien", "dang trien khai", "dang trien khai thuc hien", "da trien khai", "con hieu luc",
    ),
    "contracted": ("da ky hop dong", "da co hop dong", "da ky ket hop dong"),
    "expired": ("het han", "da het han", "het hieu luc", "da het hieu luc", "het thoi han"),
    "terminated": ("cham dut", "da cham dut", "huy", "da huy", "thanh ly", "da thanh ly"),
}  # fmt: skip
STATUS_LABELS = ("đã ký", "đang thực hiện", "đã ký hợp đồng", "hết hạn", "chấm dứt")


def tax_code(cell) -> str | None:
    """Return a tax code in its stored form; a number cell that lost its zero is mended.

    Twelve digits that are no branch number are a person's number (a household business): returned as they
    are, kept for staff only. Problem: invalid_tax_code.
    """
    value = text(cell)
    if value is None or not value.strip("-–…. "):
        return None
    found = tax_codes.normalise(value) or tax_codes.personal_number(value)
    if found is None:
        raise ValueProblemError(
            "invalid_tax_code",
            _("“%(value)s” không phải mã số thuế: %(fault)s")
            % {"value": quoted(value), "fault": tax_codes.fault(value)},
        )
    return found


def status(cell) -> str | None:
    """Return a status of MOU. Problem: invalid_choice."""
    return choice(cell, STATUSES, STATUS_LABELS)


def status_label(code: str) -> str:
    """What a sheet says for the code."""
    return dict(zip(STATUSES, STATUS_LABELS, strict=True))[code]


def province_label(province) -> str:
    """The province's name as `Provinces.named` reads it back on any day."""
    if province is None:
        return ""
    if province.dissolved_on:
        return f"{province.name} (cũ)"
    return f"{province.name} (mới)" if province.valid_from else province.name
