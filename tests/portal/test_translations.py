"""Every word a member of staff can meet is Vietnamese, also those of the libraries."""

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from cooperation.roles import sync_roles
from tests.factories import make_activity, make_agency, make_update, make_user
from tests.pages import text_of

ENTRIES = polib.pofile(str(settings.LOCALE_PATHS[0] / "vi/LC_MESSAGES/django.po"))


def test_the_catalogue_is_whole():
    for entry in ENTRIES:
        assert entry.translated(), entry.msgid
        assert not entry.fuzzy, entry.msgid
    assert len({entry.msgid for entry in ENTRIES}) == len(ENTRIES)


def test_placeholders_survive():
    for entry in ENTRIES:
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            for placeholder in ("%(total_count)s", "%(pk)s", "%(model)s", "%s", "%d", "{}"):
                if text:
                    assert (placeholder in entry.msgid) == (placeholder in text), entry.msgid


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("History", "Lịch sử"),  # one of Django's own catalogues has "Bản ghi nhớ", our word for an MOU
        ("This field is required.", "Không được để trống."),
        ("“%(pk)s” is not a valid value.", "“%(pk)s” không phải là một lựa chọn hợp lệ."),
        ("Site administration", "Việc cần làm"),
    ],
)
def test_words_as_shown(source, shown):
    assert gettext(source) == shown


def test_a_number_has_one_form():
    assert ngettext("entry", "entries", 1) == ngettext("entry", "entries", 2) == "lần"


ENGLISH = (
    "History",
    "Select",
    "Search",
    "Delete",
    "Save",
    "Add ",
    "Home",
    "Filter",
    "Export",
    "required",
    "Actions",
)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["Chuyên viên", "Nhập liệu", None])
def test_no_english_on_the_pages_of_staff(client, role):
    sync_roles()
    agency = make_agency()
    activity = make_activity(lead_agency=agency, title="Hội nghị")
    make_update(activity)
    client.force_login(make_user(agency=agency, role=role, is_superuser=role is None))
    addresses = [
        reverse("admin:index"),
        reverse("admin:programs_activity_changelist"),
        reverse("admin:programs_activity_change", args=(activity.pk,)),
        reverse("admin:programs_activity_history", args=(activity.pk,)),
        reverse("admin:programs_activity_export"),
        reverse("admin:enterprises_mou_changelist"),
        reverse("admin:password_change"),
    ]
    for address in addresses:
        shown = text_of(client.get(address))
        assert [word for word in ENGLISH if word in shown] == [], address
