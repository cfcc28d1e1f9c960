"""Catalogues are compiled where they are missing or older than their source, and never by halves."""

import gettext
import os

import polib

from portal.catalogues import compile_catalogues


def catalogue(folder, **words):
    source = folder / "vi" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    entries = polib.POFile()
    entries.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    entries.extend(polib.POEntry(msgid=msgid, msgstr=msgstr) for msgid, msgstr in words.items())
    entries.save(str(source))
    return source


def words_of(source):
    with source.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext


def test_what_is_missing_or_old_is_compiled(tmp_path):
    source = catalogue(tmp_path, Save="Lưu")
    compile_catalogues(tmp_path)
    assert words_of(source)("Save") == "Lưu"
    catalogue(tmp_path, Save="Ghi")
    newer = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (newer, newer))
    compile_catalogues(tmp_path)
    assert words_of(source)("Save") == "Ghi"


def test_what_is_new_enough_is_left_alone_and_nothing_else_is_left_behind(tmp_path):
    source = catalogue(tmp_path, Save="Lưu")
    compile_catalogues(tmp_path)
    before = source.with_suffix(".mo").stat().st_mtime_ns
    compile_catalogues(tmp_path)
    assert source.with_suffix(".mo").stat().st_mtime_ns == before
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]
