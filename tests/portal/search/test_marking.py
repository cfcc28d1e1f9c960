"""Marking: what is found is what is marked, in the letters of the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.search_index import SHORT_WORD, words_of
from cooperation.text import search_fold
from portal.search.marking import marked, snippet

VIETNAMESE = st.text(alphabet="aăâđeêioôơuưyáàảãạấậđĐkKmMtThHqlL xbn0159-.,()'<&>\u0301\u0323\n", max_size=60)


def shown(pieces):
    return "".join(f"[{piece}]" if found else piece for piece, found in pieces)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Hội chợ Đồng Tháp Mười", "cho dong", "Hội [chợ] [Đồng] Tháp Mười"),
        ("Thương mại", "thuong", "[Thương] mại"),
        ("Thương mại", "thu", "[Thư]ơng mại"),
        ("xã Xuân Xã", "xa", "[xã] Xuân [Xã]"),
        ("Kỹ thuật, kĩ thuật", "kĩ", "[Kỹ] thuật, [kĩ] thuật"),
        ("4645/TT-LA-TN", "tt la", "4645/[TT]-[LA]-TN"),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", "tieng", "[Tie\u0302\u0301ng] Vie\u0323\u0302t"),
        ("<b>đào</b> tạo", "dao", "<b>[đào]</b> tạo"),
        ("không có gì", "khac", "không có gì"),
        ("", "gi", ""),
    ],
)
def test_what_is_marked(text, query, expected):
    assert shown(marked(text, words_of(query))) == expected


@given(VIETNAMESE | st.text(max_size=60), VIETNAMESE)
def test_pieces_are_the_text_and_marks_are_what_was_asked(text, query):
    words = words_of(query)
    pieces = marked(text, words)
    assert "".join(piece for piece, _found in pieces) == text
    for piece, found in pieces:
        if found:
            folded = search_fold(piece).split()
            assert all(any(word.startswith(f) or f.startswith(word) for word in words) for f in folded)


@given(VIETNAMESE, st.data())
def test_every_word_of_the_text_is_found_and_marked(text, data):
    words = search_fold(text).split()
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    asked = word if len(word) <= SHORT_WORD else word[: data.draw(st.integers(SHORT_WORD + 1, len(word)))]
    marks = [search_fold(piece) for piece, found in marked(text, [asked]) if found]
    assert marks
    assert all(mark.startswith(asked[:1]) for mark in marks)


@given(VIETNAMESE.map(lambda text: text * 12), VIETNAMESE)
def test_a_snippet_is_short_and_holds_a_mark_where_the_text_does(text, query):
    words = words_of(query)
    pieces = snippet(text, words)
    assert len("".join(piece for piece, _found in pieces)) <= 330
    if any(found for _piece, found in marked(text, words)):
        assert any(found for _piece, found in pieces)
