"""Compiles locale/*/LC_MESSAGES/*.po."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.catalogues import compile_catalogues


class Command(BaseCommand):
    help = "Biên dịch các tệp .po trong locale/ (không cần gettext)."

    def handle(self, *args, **options):
        for folder in settings.LOCALE_PATHS:
            compile_catalogues(Path(folder))
