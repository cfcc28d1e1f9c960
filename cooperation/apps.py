from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from cooperation.search_index import ensure_after_migrate


class CooperationConfig(AppConfig):
    name = "cooperation"
    verbose_name = _("Thỏa thuận và cơ quan")

    def ready(self):
        # Django's changes of a table on SQLite drop what keeps its search index right.
        post_migrate.connect(ensure_after_migrate, sender=self, dispatch_uid="search index")
