"""What every record has: cleaned text, keys for search and order, publication, sources."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.search_index import words_of
from cooperation.text import clean, clean_multiline, search_text, sort_key


class Confidence(models.TextChoices):
    HIGH = "high", _("cao")
    MEDIUM = "medium", _("trung bình")
    LOW = "low", _("thấp")
    UNKNOWN = "", _("chưa đánh giá")


class SearchableQuerySet(models.QuerySet):
    def search(self, query: str):
        """Rows that hold every word of `query`, accents, case and word order aside.

        A word of three letters or more may be the beginning of a longer one (search_index.py).
        """
        return self.filter(search_text__words=query) if words_of(query) else self.all()

    def in_order(self):
        """Vietnamese dictionary order, the primary key deciding between equals."""
        return self.order_by("sort_key", "pk")


class Searchable(models.Model):
    """A record with text: cleaned on every save, with stored keys for search and order.

    `prepare()` fills the derived columns; `save()` calls it, and so must every bulk path.
    """

    # What a record is found by, besides its title (SORT_FIELD) and its code or number (NUMBER_FIELD).
    SEARCH_FIELDS: tuple[str, ...] = ()
    SORT_FIELD = "name"
    NUMBER_FIELD = ""

    search_text = models.TextField(editable=False, default="", blank=True)
    sort_key = models.CharField(max_length=400, editable=False, default="", blank=True, db_index=True)

    class Meta:
        abstract = True

    def __str__(self):
        return getattr(self, self.SORT_FIELD)

    def save(self, *args, **kwargs):
        self.prepare()
        if (update_fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*update_fields, "search_text", "sort_key"}
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Clean the text fields and fill `search_text` and `sort_key`."""
        for field in self._meta.concrete_fields:
            if field.name in ("search_text", "sort_key") or not isinstance(
                field, models.CharField | models.TextField
            ):
                continue
            value = getattr(self, field.attname)
            if value and isinstance(value, str):
                cleaner = clean_multiline if isinstance(field, models.TextField) else clean
                setattr(self, field.attname, cleaner(value))
        title = getattr(self, self.SORT_FIELD)
        number = getattr(self, self.NUMBER_FIELD) if self.NUMBER_FIELD else ""
        self.search_text = search_text(title, str(number or ""), *self.search_parts())
        self.sort_key = sort_key(title)

    def search_parts(self) -> list[str]:
        return [str(getattr(self, name) or "") for name in self.SEARCH_FIELDS]


class Sourced(models.Model):
    """A record that says where it comes from and how sure that is."""

    confidence = models.CharField(
        _("độ tin cậy"), max_length=10, choices=Confidence.choices, blank=True, default=""
    )
    sources = models.ManyToManyField("cooperation.Source", verbose_name=_("nguồn"), blank=True)
    note = models.TextField(_("ghi chú"), blank=True, default="")

    class Meta:
        abstract = True


class Published(models.Model):
    published = models.BooleanField(
        _("công khai"), default=True, help_text=_("Bỏ chọn thì trang công khai không hiện bản ghi này.")
    )
    # Relations that must be public too; `published()` of the query set asks the database the same.
    PUBLISHED_WITH: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        """True where `published()` would find this record, which a page has reached by a relation."""
        return self.published and all(getattr(self, name).is_public for name in self.PUBLISHED_WITH)
