"""One key for one enterprise name, however it was typed or abbreviated. Pure functions.

"Cty CP TM Mộc Hoá" and "CÔNG TY CỔ PHẦN THƯƠNG MẠI MỘC HÓA" give the same key. Only abbreviations with
a single reading are expanded: CN (chi nhánh, công nghiệp, công nghệ) and TP (thành phố, thực phẩm) stay.
"""

import re

from cooperation.text import fold

_EXPANSIONS = {
    "cty": "cong ty",
    "cp": "co phan",
    "tnhh": "trach nhiem huu han",
    "mtv": "mot thanh vien",
    "1tv": "mot thanh vien",
    "htv": "hai thanh vien",
    "dntn": "doanh nghiep tu nhan",
    "htx": "hop tac xa",
    "lhhtx": "lien hiep hop tac xa",
    "tm": "thuong mai",
    "dv": "dich vu",
    "sx": "san xuat",
    "xnk": "xuat nhap khau",
    "kd": "kinh doanh",
    "xd": "xay dung",
    "nn": "nong nghiep",
    "pt": "phat trien",
    "hkd": "ho kinh doanh",
    "cssx": "co so san xuat",
}
_C_TY = re.compile(r"\bc\.\s*ty\b", re.IGNORECASE)
_ONE_MEMBER = re.compile(r"\b1 thanh vien\b")


def name_key(name: str) -> str:
    """Return the folded name with its abbreviations expanded; at most 300 characters."""
    words = fold(_C_TY.sub("cty", name)).split()
    expanded = " ".join(_EXPANSIONS.get(word, word) for word in words)
    return _ONE_MEMBER.sub("mot thanh vien", expanded)[:300]


_LEGAL_FORMS = re.compile(
    r"\b(?:cong ty|co phan|trach nhiem huu han|mot thanh vien|hai thanh vien"
    r"|doanh nghiep tu nhan|hop tac xa)\b"
)
_LINES_OF_BUSINESS = re.compile(
    r"\b(?:thuong mai|dich vu|san xuat|xuat nhap khau|kinh doanh|xay dung|cong nghe|cong nghiep|dau tu"
    r"|phat trien|nong nghiep|va)\b"
)


def core_key(key: str) -> str:
    """Return a `name_key` without the legal form: equal cores are a question for a person, never a merge."""
    return " ".join(_LEGAL_FORMS.sub(" ", key).split()) or key


def proper_key(key: str) -> str:
    """Return what is left of a `name_key` without legal form and lines of business; "" under two words."""
    words = _LINES_OF_BUSINESS.sub(" ", _LEGAL_FORMS.sub(" ", key)).split()
    return " ".join(words) if len(words) > 1 else ""
