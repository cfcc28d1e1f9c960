"""Legacy Vietnamese text (TCVN3/ABC, VNI): recognised by evidence, converted to Unicode NFC. Pure functions.

Sheets typed with .VnTime or VNI-Times arrive as Latin-1 letters that look wrong: every legacy byte is shown
as its Latin-1 character. `detect` decides for one column: words that are no Vietnamese syllable as they stand
and become one when converted speak for an encoding; foreign words (Müller, Citroën) that become none speak
against it. Unsure means None. `convert` changes only cells that carry such evidence themselves.

Sources: the project's domain notes, section 7 (both encodings); TCVN 5712:1993, table VN3, for TCVN3; the
VNI-Windows scheme (base letter, then a mark character) for VNI.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache, lru_cache

TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # ngang, huyền, hỏi, ngã, sắc, nặng
_VOWELS = "aăâeêioôơuưy"


def _words(text: str) -> list[str]:
    return text.split()


# Vietnamese spelling: initials by the vowels that may follow, then rimes by their first letter.
_INITIALS = _words("b ch d đ h kh l m n nh p ph r s t th tr v x")
_BEFORE_FRONT = ("k", "gh", "ngh")  # before e ê i y
_BEFORE_BACK = ("c", "g", "ng")  # before every other vowel
_RIMES = _words("""
a ai ao au ay am an ang anh ac ach ap at ăm ăn ăng ăc ăp ăt ăk âm ân âng âc âp ât âu ây
e em en eng eo ec ep et ê êm ên ênh êu êch êp êt
i ia im in inh iu ich ip it iêm iên iêng iêp iêt iêc iêu
o oi om on ong oc op ot oa oai oay oao oan oang oanh oac oach oat oăn oăng oăc oăt oăm oe oen oeo oet
ô ôi ôm ôn ông ôc ôp ôt ơ ơi ơm ơn ơp ơt
u ua ui um un ung uc up ut uân uâng uât uây uê uênh uêch uơ uy uya uyên uyêt uynh uych uyt uyu
uôi uôm uôn uông uôc uôt ư ưa ưi ưng ưc ưt ưu ươi ươm ươn ương ươc ươp ươt ươu
""")
_RARE_RIMES = _words("oong ooc ưm ưn uyp oam oap uôp êng eng")  # good enough to leave a word alone
_ALONE = _words("y yêm yên yêng yêt yêu")
_AFTER_QU = _words("""a ai ao au ay an ang anh ac ach at ăm ăn ăng ăc ăp ăt ân âng ât ây e en eo et ê ên ênh
êt êch i in it ich ơ ơi ôc y ynh yên yêt yt ych yu""")
_AFTER_G = _words("i in iêc iêng iêt")  # gì, gìn, giếng, giết: gi and the rime's i fall together
_OPEN_Y = _words("h k l m s t v th")  # hy, kỹ, lý, mỹ, sỹ, tỷ, vy, thy


class Encoding(StrEnum):
    """A legacy encoding, valued by the name that users know."""

    TCVN3 = "TCVN3 (ABC)"
    VNI = "VNI"


def _tone_places(rime: str) -> list[int]:
    """Return where the tone mark may stand: one place, two in open oa, oe, uy (old and new style)."""
    for letters in ("ăâêôơ", "ư"):
        for index, char in enumerate(rime):
            if char in letters:
                return [index]
    vowels = sum(char in _VOWELS for char in rime)
    if vowels == 1:
        return [0]
    if rime in ("oa", "oe", "uy"):
        return [0, 1]
    return [1] if vowels == 3 or len(rime) > vowels else [0]


def _toned(initial: str, rime: str, places: list[int]) -> Iterable[str]:
    # A syllable that ends in a stop has only the tones sắc and nặng; "Đăk" is a usual exception.
    stop = rime.endswith(("c", "ch", "p", "t"))
    for tone in TONES[4:] if stop else TONES:
        for place in places:
            word = initial + rime[: place + 1] + tone + rime[place + 1 :]
            yield unicodedata.normalize("NFC", word)


@cache
def _pairs(rare: bool) -> tuple[tuple[str, str], ...]:
    found = [("", rime) for rime in _ALONE]
    for rime in _RIMES + (_RARE_RIMES if rare else []):
        front = rime[0] in "eêi"
        found += [(initial, rime) for initial in ("", *_INITIALS)]
        found += [(initial, rime) for initial in (_BEFORE_FRONT if front else _BEFORE_BACK)]
        if rime[0] != "i":
            found.append(("gi", rime))
    found += [("gi", "êng"), ("k", "y")]
    found += [("qu", rime) for rime in _AFTER_QU] + [("g", rime) for rime in _AFTER_G]
    found += [(initial, "y") for initial in _OPEN_Y]
    return tuple(dict.fromkeys(found))


@cache
def syllables() -> frozenset[str]:
    """Return every well spelled Vietnamese syllable, lower case, NFC."""
    return frozenset(w for initial, rime in _pairs(False) for w in _toned(initial, rime, _tone_places(rime)))


@cache
def _tolerated() -> frozenset[str]:
    """Syllables plus rare rimes and the usual typing slip of the tone on the first vowel (tóan, qúy)."""
    extra = {w for i, rime in _pairs(True) for w in _toned(i, rime, sorted({0, *_tone_places(rime)}))}
    slips = {
        unicodedata.normalize("NFC", "qu" + tone + rime)
        for rime in _AFTER_QU
        for tone in TONES[1:]
        if unicodedata.normalize("NFD", rime) == rime
    }
    return syllables() | extra | slips


def _table(pairs: str) -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in pairs.split()}


_TCVN3 = _table(
    "µà ¶ả ·ã ¸á ¹ạ ¨ă »ằ ¼ẳ ½ẵ ¾ắ Æặ ©â Çầ Èẩ Éẫ Êấ Ëậ ®đ Ìè Îẻ Ïẽ Ðé Ñẹ ªê Òề Óể Ôễ Õế Öệ "
    "×ì Øỉ Üĩ Ýí Þị ßò áỏ âõ ãó äọ «ô åồ æổ çỗ èố éộ ¬ơ êờ ëở ìỡ íớ îợ ïù ñủ òũ óú ôụ "
    "õừ öử ÷ữ øứ ùự úỳ ûỷ üỹ ýý þỵ ¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ"
) | {0xAD: "ư"}  # the soft hyphen, written by number because it is invisible
# No modern word holds these; × ÷ · also join units (N·m) and « » © ® stand around whole words.
_TCVN3_SYMBOLS = frozenset("¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾×÷")
_TCVN3_SURE = _TCVN3_SYMBOLS - frozenset("·×÷")
_LONE_WORDS = frozenset("¸µª¬\u00ad")  # "Ch©u ¸": no sign that stands alone in Unicode text
_NOT_TEXT = frozenset({"µm", "£m", "¥m", "N·m", "m×n", "n×m"})

_VNI_SINGLE = _table("ôơ öư ñđ æỉ óĩ òị îỵ ÔƠ ÖƯ ÑĐ ÆỈ ÓĨ ÒỊ ÎỴ")
_VNI_TONES = dict(zip("øûõùï", TONES[1:], strict=True))
_VNI_MARKS = {
    "a": _VNI_TONES
    | {mark: "\u0302" + tone for mark, tone in zip("âàåãáä", TONES, strict=True)}
    | {mark: "\u0306" + tone for mark, tone in zip("êèúüéë", TONES, strict=True)},
    "e": _VNI_TONES | {mark: "\u0302" + tone for mark, tone in zip("âàåãáä", TONES, strict=True)},
    **dict.fromkeys("uyôö", _VNI_TONES),
}
_VNI_MARKS["o"] = _VNI_MARKS["e"]
_VNI_UNIT = re.compile("[aeouyôö][âàåãáäêèúüéëøûõùï]|[ôöñæóòî]", re.I)
# Hardly ever neighbours in a foreign word, as aï (Thaï), oë (Noël) and oû (goût) are.
_VNI_SURE = re.compile("[aeo][âàåãáä]|[aeouyôö][ùø]|öô|[ôö][ûõï]", re.I)

_LETTER = "A-Za-z\u00a1-\u024f\u0300-\u036f\u1e00-\u1eff"
_WORD = re.compile(f"[{_LETTER}]+")
_TOKEN = re.compile(f"[0-9{_LETTER}]+")
_SUSPECT = re.compile("[¡-©ª«¬\u00ad®µ-¹»-ÿ]")
_MODERN = re.compile("[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
_LOST_HORN = re.compile("(?<![uư])[ơờởỡớợ]")
_SAMPLE = 500


def is_syllable(word: str) -> bool:
    """Tell whether `word` (NFC, any case) is a well spelled Vietnamese syllable."""
    return word.lower() in syllables()


def _decode_vni(match: re.Match[str]) -> str:
    unit = match[0]
    if len(unit) == 1:
        return unit.translate(_VNI_SINGLE)
    mark = _VNI_MARKS[unit[0].lower()].get(unit[1].lower())
    if mark is None:  # not a pair of VNI: two units, or letters that VNI does not know
        return unit.translate(_VNI_SINGLE)
    return unicodedata.normalize("NFC", unit[0].translate(_VNI_SINGLE) + mark)


def _decode_word(word: str, encoding: Encoding) -> str:
    if encoding is Encoding.VNI:
        return _VNI_UNIT.sub(_decode_vni, word)
    decoded = word.translate(_TCVN3)
    if not is_syllable(decoded):
        # Many programs drop the soft hyphen: "Th¬ng" is "Thơng", no syllable, and "Thương" is one.
        repaired = _LOST_HORN.sub(r"ư\g<0>", decoded, count=1)
        if repaired != decoded and is_syllable(repaired):
            return repaired
    return decoded


def decode(text: str, encoding: Encoding) -> str:
    """Convert every word by the table, without asking for evidence: for a text known to be legacy."""
    text = unicodedata.normalize("NFC", text)
    return _WORD.sub(lambda match: _decode_word(match[0], encoding), text)


def _splits(word: str, known: frozenset[str]) -> bool:
    """Tell whether `word` is one or more syllables written together."""
    ends = {0}
    for end in range(1, len(word) + 1):
        if any(word[start:end] in known for start in range(max(0, end - 7), end) if start in ends):
            ends.add(end)
    return len(word) in ends


def _odd_capital(word: str) -> bool:
    """Tell whether a capital follows the first letter of a word that also has small letters (trÞ, LÜnh)."""
    return any(char.isupper() for char in word[1:]) and any("a" <= char <= "z" for char in word)


@lru_cache(maxsize=8192)
def _reading(word: str, encoding: Encoding) -> tuple[bool, bool, int, bool]:
    """Return valid as it stands, valid when converted, points as evidence, whether that is strong."""
    # Ð (eth) is often typed for Đ; a soft hyphen in Unicode text is only a place to break the line.
    plain = word.lower().replace("\u00ad", "").replace("ð", "đ")
    decoded = _decode_word(word, encoding)
    becomes = decoded != word and is_syllable(decoded)
    # Words written together (Côngty) are right too, but VNI "beân" is "bên" rather than "be ân".
    spelled = plain in _tolerated() or (not becomes and _splits(plain, _tolerated()))
    odd = _odd_capital(word)
    before = spelled and not odd
    after = before if decoded == word else becomes
    if before or not after or word in _NOT_TEXT:
        return before, after, 0, False
    if encoding is Encoding.TCVN3:
        # An odd capital that reads well in small letters (BÊn) may be a slip of the shift key.
        strong = not _TCVN3_SYMBOLS.isdisjoint(word) or (odd and not spelled)
    else:
        strong = _VNI_SURE.search(word) is not None
    if len(word) <= 2 and not (strong and not re.search("[A-Za-z]", word)):
        # Mª, ¼m, où: as likely a unit or a short foreign word; ®· (đã) is neither.
        return before, after, int(strong), False
    return before, after, 1 + strong, strong


def _suspects(text: str) -> list[str]:
    """Return the words of `text` that hold a would-be legacy character."""
    return [
        token
        for token in _TOKEN.findall(text)
        if len(token) > 1 and _SUSPECT.search(token) and not any(char.isdigit() for char in token)
    ]


def _is_legacy(words: list[str], encoding: Encoding) -> bool:
    """Tell whether more words are Vietnamese after converting than before."""
    readings = [_reading(word, encoding) for word in words if word not in _NOT_TEXT]
    return sum(reading[1] for reading in readings) > sum(reading[0] for reading in readings)


def _score(cells: list[list[str]], encoding: Encoding, mixed: bool) -> int:
    """Return the column's points for `encoding`; 0 when the evidence does not do."""
    gains: dict[str, tuple[int, bool]] = {}
    foreign: set[str] = set()
    for words in cells:
        legacy = _is_legacy(words, encoding)
        for word in words:
            before, after, points, strong = _reading(word, encoding)
            if points and legacy:
                gains[word] = (points, strong)
            elif not before and not (after and legacy) and not _splits_decoded(word, encoding):
                foreign.add(word)
    score = sum(points for points, _ in gains.values())
    strong = any(strong for _, strong in gains.values())
    needed = 2 if strong and not (mixed and encoding is Encoding.VNI) else 3
    if score < needed or (mixed and not strong) or len(gains) < 2 * len(foreign):
        return 0
    return score


def _splits_decoded(word: str, encoding: Encoding) -> bool:
    return _splits(_decode_word(word, encoding).lower(), syllables())


def detect(texts: Iterable[str]) -> Encoding | None:
    """Return the legacy encoding of one column (header and cells), or None: leave it as it is."""
    joined = "\x00".join(texts)
    if not _SUSPECT.search(joined):
        return None
    joined = unicodedata.normalize("NFC", joined)
    distinct = dict.fromkeys(joined.split("\x00"))
    # A cell with a letter that only Unicode has is right as it stands; it says nothing about the others.
    cells = [text for text in distinct if _SUSPECT.search(text) and not _MODERN.search(text)]
    sample = [_suspects(text) for text in cells[:: len(cells) // _SAMPLE + 1]]
    mixed = _MODERN.search(joined) is not None
    scores = {encoding: _score(sample, encoding, mixed) for encoding in Encoding}
    best = max(scores, key=lambda encoding: scores[encoding])
    rival = max(score for encoding, score in scores.items() if encoding is not best)
    return best if scores[best] > rival else None


def convert(text: str, encoding: Encoding) -> str:
    """Return `text` in NFC, converted where it carries evidence of `encoding`; right text stays as it is."""
    text = unicodedata.normalize("NFC", text)
    if not _SUSPECT.search(text) or _MODERN.search(text) or not _is_legacy(_suspects(text), encoding):
        return text
    # .VnTimeH shows small letters as capitals: "C«NG TY" has its plain letters typed large.
    capitals = encoding is Encoding.TCVN3 and not re.search("[a-z]", text)
    capitals = capitals and any(len(re.findall("[A-Z]", word)) > 1 for word in _suspects(text))

    def word_of(match: re.Match[str]) -> str:
        word, decoded = match[0], _decode_word(match[0], encoding)
        digit = (
            text[match.start() - 1 : match.start()].isdigit() or text[match.end() : match.end() + 1].isdigit()
        )
        short = len(word) <= 1 + digit and not _TCVN3_SYMBOLS.isdisjoint(word)
        if short and (digit or word not in _LONE_WORDS):
            return word  # a bullet, a quotation mark, 2m×3m, 5µm
        sure = encoding is Encoding.TCVN3 and not _TCVN3_SURE.isdisjoint(word.strip("«»©®·"))
        if not (sure or _splits(decoded.lower(), syllables())):
            return word  # a foreign name among Vietnamese words
        return decoded.upper() if capitals else decoded

    return _WORD.sub(word_of, text)
