"""Vietnamese text: clean for storing, fold for matching, sort_key for ordering. Pure functions.

Stored text is what people typed, in NFC with single spaces (`clean`). Matching never compares stored
text: both sides go through `fold` (identity, headers) or `search_fold` (search boxes).
"""

import re
import unicodedata
from functools import cache

_SPACES = re.compile(r"\s+")
# Control and zero-width characters, bidirectional marks, lone surrogates. White space among the controls
# is `clean`'s; the soft hyphen stays because in TCVN3 text it is the letter ư.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_NOT_WORD = re.compile(r"[^0-9a-z]+")
# i and y are spelling variants only as the sole vowel of an open syllable: mỹ/mĩ, kỹ/kĩ, tỷ/tỉ, lý/lí.
_I_OR_Y = re.compile(r"\b([bdghklmnstv]|th|qu)y\b")

_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# The alphabet's letters that are not tones: breve, circumflex and horn make letters of their own.
_LETTER_MARKS = {"\u0306": "1", "\u0302": "2", "\u031b": "3"}
_SORT_LENGTH = 120


def clean(value: str) -> str:
    """Return `value` in Unicode NFC, trimmed, without unseen characters, with single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", UNSEEN.sub("", value))).strip()


def clean_multiline(value: str) -> str:
    """Like `clean`, line by line; blank lines at both ends and repeated blank lines go."""
    lines = [clean(line) for line in value.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Bare(dict):
    """Character → its lower-case letters without marks, found once a character."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFD", chr(code).casefold())
        bare = "".join(char for char in decomposed if not unicodedata.combining(char)).replace("đ", "d")
        self[code] = bare
        return bare


_BARE = _Bare()


def unaccent(value: str) -> str:
    """Return lower-case text without Vietnamese marks; đ becomes d. Punctuation stays."""
    return value.translate(_BARE)


def fold(value: str) -> str:
    """Return words of a-z and 0-9 with single spaces: equal for "Mộc Hóa", "MỘC HOÁ" and "moc hoa"."""
    return _NOT_WORD.sub(" ", unaccent(value)).strip()


def search_fold(value: str) -> str:
    """`fold` that also makes i and y one where Vietnamese spelling wavers (Mỹ, Mĩ)."""
    return i_for_y(fold(value))


def i_for_y(folded: str) -> str:
    """Return folded words, letter for letter, with i where the spelling wavers between i and y."""
    return _I_OR_Y.sub(r"\1i", folded)


def search_text(title: str, number: str, *rest: str) -> str:
    """Return what a record is found by: "title | number | rest", each folded.

    Folded text holds no bar, so that a database can tell a word of the title from one of the rest, and a
    whole number from a part of one.
    """
    return f"{search_fold(title)} | {search_fold(number)} | {search_fold(' '.join(rest))}".strip()


def slug(value: str) -> str:
    """Return an ASCII slug: "Đà Nẵng" gives "da-nang"."""
    return fold(value).replace(" ", "-")


def sort_key(value: str) -> str:
    """Return a key of 0-9a-z whose plain order is the Vietnamese dictionary order.

    Letters decide first (a ă â b c d đ e ê …), tones only between equal letters (ngang, huyền, hỏi,
    ngã, sắc, nặng). Every character takes two places, so that SQLite's byte order and any PostgreSQL
    collation agree. Only the first 120 characters count.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", value.casefold())[:_SORT_LENGTH]:
        letter, tone = _letter_key(char)
        if letter != "01" or (letters and letters[-1] != "01"):
            letters.append(letter)
            tones.append(tone)
    return "".join(letters).removesuffix("01") + "00" + "".join(tones)


@cache
def _letter_key(char: str) -> tuple[str, str]:
    """The letter's place and its tone's; what is neither letter nor digit counts as one space."""
    base, *marks = unicodedata.normalize("NFD", char)
    if base == "đ":
        base, variant = "d", "1"
    else:
        variant = next((_LETTER_MARKS[mark] for mark in marks if mark in _LETTER_MARKS), "0")
    if "a" <= base <= "z":
        return base + variant, next((_TONES[mark] for mark in marks if mark in _TONES), "0")
    return ("1" + base if "0" <= base <= "9" else "01"), "0"
