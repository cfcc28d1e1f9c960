"""Damaged files, always the same ones: each ends in a sheet or in a sentence, and in time."""

import io
import random
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from cooperation.importing import reader
from cooperation.importing.reader import Sheet, UnusableFileError
from tests.cooperation.importing import files

OLD = Path(__file__).parents[4] / "shared/samples/cu.xls"
ROWS = [["STT", "Ngày ký", "Bên A"], *([n, date(2019, 5, 17), f"Công ty “{n}”; Mộc Hóa"] for n in range(40))]
EACH = 38
CELLS = (str, int, float, bool, date)


def originals(folder) -> dict[str, bytes]:
    lines = [";".join(f'"{cell}"' for cell in row) for row in ROWS]
    found = {
        "xlsx": files.write(folder / "a.xlsx", ROWS, sheets=["Khác"]).read_bytes(),
        "ods": files.ods(folder / "a.ods", "".join(files.ods_row(*row) for row in ROWS)).read_bytes(),
        "csv": "\r\n".join(lines).encode("utf-8-sig"),
    }
    return found | ({"xls": OLD.read_bytes()} if OLD.exists() else {})


def mutated(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """Flip bits, cut the end off, cut a piece out, or splice in a piece of the other file."""
    deed = chance.randrange(4)
    begin, length = chance.randrange(len(content)), chance.randrange(1, 400)
    if deed == 0:
        data = bytearray(content)
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return bytes(data)
    if deed == 1:
        return content[:begin]
    if deed == 2:
        return content[:begin] + content[begin + length :]
    start = chance.randrange(len(other))
    return content[:begin] + other[start : start + length] + content[begin + chance.choice((0, length)) :]


def mutated_inside(chance: random.Random, content: bytes) -> bytes:
    """The same to one XML part of an archive whose checksums hold, so that the parser itself meets it."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        weighty = [name for name in names if "sheet" in name or "content" in name or "Strings" in name]
        chosen = chance.choice(names + weighty * 3)
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, mutated(chance, part, part) if name == chosen else part)
    return result.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "xls"])
def test_whatever_is_damaged(tmp_path, kind):
    whole = originals(tmp_path)
    if kind not in whole:
        pytest.skip("no .xls beside the repository, and nothing that writes one")
    chance = random.Random(20190517)
    others = list(whole.values())
    paths = []
    for number in range(EACH):
        if kind in ("xlsx", "ods") and number % 3:
            content = mutated_inside(chance, whole[kind])
        else:
            content = mutated(chance, whole[kind], chance.choice(others))
        paths.append(tmp_path / f"{number}.{kind}")
        paths[-1].write_bytes(content)

    def outcome(path):
        began = time.monotonic()
        try:
            read = reader.read(path)
        except UnusableFileError as refused:
            read = str(refused)
        return read, time.monotonic() - began

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(outcome, paths))
    sheets = [read for read, _seconds in outcomes if isinstance(read, Sheet)]
    assert all(isinstance(cell, CELLS) for sheet in sheets for row in sheet.rows for cell in row)
    assert all(read and "\n" not in read for read, _seconds in outcomes if isinstance(read, str))
    assert max(seconds for _read, seconds in outcomes) < 15
    assert 0 < len(sheets) < EACH
