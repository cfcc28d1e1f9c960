"""Compiles translation catalogues without gettext, which a person's machine may not have."""

import os
from pathlib import Path

import polib


def compile_catalogues(folder: Path) -> None:
    """Write the .mo beside each */LC_MESSAGES/*.po of `folder` that is missing or older. Needs no Django."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            # Two processes may compile at once: neither must see half a file.
            unfinished = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(target)
