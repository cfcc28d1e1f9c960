"""Compiles locale/*/LC_MESSAGES/*.po without gettext, which a person's machine may not have."""

import os
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Biên dịch các tệp .po trong locale/ (không cần gettext)."

    def handle(self, *args, **options):
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                    # Two processes may compile at once: neither must see half a file.
                    unfinished = target.with_suffix(f".{os.getpid()}")
                    polib.pofile(str(source)).save_as_mofile(str(unfinished))
                    unfinished.replace(target)
