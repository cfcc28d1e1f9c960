"""The index: it answers as reading every row does, it is made again where it was lost."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from cooperation import search_index
from cooperation.models import Province
from cooperation.search_index import ensure, has_index, index_name, words_of
from cooperation.text import search_text
from tests.factories import make_province

pytestmark = pytest.mark.django_db
TABLE = Province._meta.db_table
QUERIES = ["tan an", "tan", "ta", "an", "a", "moc hoa", "hoa moc", "80", "8", "1e5x", "1e5", "and", "khong"]
LOOKUPS = ["words", "title_words"]


@pytest.fixture
def provinces():
    for name, code in (("Tân An", "80"), ("Tân", "8"), ("Mộc Hóa", ""), ("Hòa An", "81"), ("1e5x and", "72")):
        make_province(name, code=code)


def settle():
    """PostgreSQL changes no table that still has constraints to check, as a test's one transaction has."""
    connection.check_constraints()


def answers():
    return {
        (lookup, query): set(
            Province.objects.filter(**{f"search_text__{lookup}": query}).values_list("name", flat=True)
        )
        for lookup in LOOKUPS
        for query in QUERIES
    }


def test_the_index_answers_as_reading_every_row_does(provinces, monkeypatch):
    assert has_index(connection, TABLE)
    with_index = answers()
    assert with_index["words", "tan an"] == {"Tân An"}
    assert with_index["words", "1e5"] == {"1e5x and"}
    assert with_index["words", "80"] == {"Tân An"}
    assert with_index["title_words", "80"] == set()
    monkeypatch.setattr(search_index, "has_index", lambda *_args: False)
    assert answers() == with_index


def test_nothing_is_found_by_no_word(provinces):
    assert not Province.objects.filter(search_text__words="!!").exists()
    assert Province.objects.filter(search_text__number_words="80").count() == 1


def test_text_has_three_parts():
    assert search_text("Mộc Hóa", "4645/TT-LA", "tóm  tắt", "") == "moc hoa | 4645 tt la | tom tat"
    assert search_text("a", "") == "a |  |"


def test_words_are_folded_once_each_and_a_long_query_is_cut():
    assert words_of("Chợ CHỢ mỹ (chợ)") == ["cho", "mi"]
    assert words_of("a" * 300) == ["a" * 200]


def test_a_very_long_word_does_not_hinder_saving():
    province = make_province("Tân An")
    province.note = "x"
    Province.objects.filter(pk=province.pk).update(search_text=f"tan an |  | {'x' * 5_000} {'y ' * 150_000}")
    assert Province.objects.search("tan an").count() == 1


def test_a_lost_index_is_made_again(provinces):
    settle()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {index_name(TABLE)}_added")
        else:
            cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN search_words")
    search_index._seen.clear()
    assert not has_index(connection, TABLE)
    make_province("Tân Mới")
    assert Province.objects.search("tan moi").count() == 1
    settle()
    assert ensure() == [TABLE]
    assert ensure() == []
    assert Province.objects.search("tan moi").count() == 1


def test_the_command_folds_and_indexes_anew(provinces):
    Province.objects.filter(name="Tân An").update(search_text="", sort_key="")
    assert not Province.objects.search("tan an").exists()
    out = StringIO()
    settle()
    call_command("rebuild_search_index", stdout=out)
    assert Province.objects.search("tan an").count() == 1
    assert "tỉnh, thành phố: 1 bản ghi" in out.getvalue()
    assert Province.objects.get(name="Tân An").version == 1
