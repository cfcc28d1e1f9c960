"""Folds every record's text anew and builds every search index anew."""

from django.core.management.base import BaseCommand

from cooperation.search_index import ensure, searched_models

_BATCH = 1_000


class Command(BaseCommand):
    help = "Lập lại chữ để tìm của mọi bản ghi và chỉ mục tìm kiếm. Chạy được khi cổng đang mở."

    def handle(self, *args, **options):
        for model in searched_models():
            count = self._fold(model)
            if count:
                self.stdout.write(f"{model._meta.verbose_name}: {count} bản ghi được ghi lại chữ để tìm.")
        for table in ensure(anew=True):
            self.stdout.write(f"Đã lập chỉ mục {table}.")

    def _fold(self, model) -> int:
        """Write what `prepare()` derives where it differs; no version, no history: nothing else changes."""
        rows = getattr(model, "with_deleted", model._default_manager)
        written, last = 0, 0
        while batch := list(rows.filter(pk__gt=last).order_by("pk")[:_BATCH]):
            last = batch[-1].pk
            changed = []
            for record in batch:
                before = (record.search_text, record.sort_key)
                record.prepare()
                if (record.search_text, record.sort_key) != before:
                    changed.append(record)
            rows.bulk_update(changed, ("search_text", "sort_key"), batch_size=200)
            written += len(changed)
        return written
