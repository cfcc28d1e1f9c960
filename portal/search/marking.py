"""Marks the words that were asked for in a text, accents aside, and cuts long texts around the first.

The text is given back in pieces, in the order and the letters of the original; a template escapes them.
"""

from itertools import groupby

from cooperation.search_index import SHORT_WORD
from cooperation.text import i_for_y, unaccent

SNIPPET = 220
_BEFORE = 60

Piece = tuple[str, bool]


def marked(text: str, words: list[str]) -> list[Piece]:
    """Split `text` into pieces, each with whether it is one of the folded `words` or its beginning."""
    hit = [False] * len(text)
    for start, end in _places(text, words):
        hit[start:end] = [True] * (end - start)
    places = groupby(range(len(text)), key=hit.__getitem__)
    return [("".join(text[place] for place in group), found) for found, group in places]


def snippet(text: str, words: list[str]) -> list[Piece]:
    """`marked`, of the part around the first word that was asked for."""
    if len(text) <= SNIPPET:
        return marked(text, words)
    first = min((start for start, _end in _places(text, words)), default=0)
    start = text.rfind(" ", 0, max(first - _BEFORE, 0) + 1) + 1
    end = text.rfind(" ", first + 1, start + SNIPPET)
    end = end if end > first else start + SNIPPET
    return marked("… " * (start > 0) + text[start:end] + " …" * (end < len(text)), words)


def _places(text: str, words: list[str]):
    """Yield [start, end) of every match in `text`."""
    letters, origins = _folded(text)
    position = 0
    for word in letters.split(" "):
        best = max((len(asked) for asked in words if _matches(word, asked)), default=0)
        if best:
            yield origins[position], origins[position + best]
        position += len(word) + 1


def _matches(word: str, asked: str) -> bool:
    return word == asked if len(asked) <= SHORT_WORD else word.startswith(asked)


def _folded(text: str) -> tuple[str, list[int]]:
    """Return the text as the index holds it, one space for every other character, and for each of its places
    the place in `text` where it begins; marks of their own belong to the letter before them."""
    letters: list[str] = []
    origins: list[int] = []
    for place, char in enumerate(text):
        for letter in unaccent(char):
            letters.append(letter if letter.isascii() and letter.isalnum() else " ")
            origins.append(place)
    origins.append(len(text))
    return i_for_y("".join(letters)), origins
