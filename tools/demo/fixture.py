"""What every part of the demonstration plan uses: its words, its agencies' keys, and stable choices."""

import hashlib
import json
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORDS = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
AREAS = tomllib.loads((HERE / "activities.toml").read_text(encoding="utf-8"))["area"]

PLAN = "minh-hoa"
SIDES = {"la": ("loc-an", "Lộc An"), "tn": ("thanh-ninh", "Thanh Ninh")}
# Unit: part of the slug, kind, name, short name.
UNITS = {
    "cn": ("qlcn", "phong", "Phòng Quản lý công nghiệp, Sở Công Thương tỉnh {}", "Phòng QLCN {}"),
    "tm": ("qltm", "phong", "Phòng Quản lý thương mại, Sở Công Thương tỉnh {}", "Phòng QLTM {}"),
    "kc": ("ttkc", "don_vi_su_nghiep", "Trung tâm Khuyến công tỉnh {}", "Trung tâm Khuyến công {}"),
    "qt": ("qltt", "qltt", "Chi cục Quản lý thị trường tỉnh {}", "QLTT {}"),
}


def pick(options, *key):
    """Return the option that the digest of `key` points to: the same everywhere and for ever."""
    digest = hashlib.sha256("|".join(map(str, key)).encode()).digest()
    return options[int.from_bytes(digest[:6], "big") % len(options)]


def marked(name: str) -> str:
    return f"{name} (minh họa)"


def other(side: str) -> str:
    return "tn" if side == "la" else "la"


def agency(lead: str) -> list[str]:
    """Return the natural key of "la", "tn.kc" …"""
    side, _, unit = lead.partition(".")
    return [f"minh-hoa-{UNITS[unit][0] if unit else 'sct'}-{SIDES[side][0]}"]


class Fixture:
    """The records, in the order in which they refer to each other."""

    def __init__(self):
        self.records = []

    def add(self, model: str, **fields) -> None:
        """Add a record; an empty field is left out and takes the model's default."""
        given = {name: value for name, value in fields.items() if value not in ("", None, [])}
        self.records.append({"model": model, "fields": given})

    def text(self) -> str:
        """Return JSON with one record a line."""
        lines = (json.dumps(record, ensure_ascii=False, default=str) for record in self.records)
        return "[\n" + ",\n".join(lines) + "\n]\n"
