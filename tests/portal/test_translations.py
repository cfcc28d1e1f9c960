"""Every word a member of staff can meet is Vietnamese, also those of the libraries."""

import re

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from cooperation.roles import sync_roles
from tests.factories import make_activity, make_agency, make_update, make_user
from tests.pages import html_of, plain

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


# Words that are never Vietnamese, whatever their accents.
ENGLISH = re.compile(
    r"\b(the|this|that|with|your|you|for|from|are|not|select|search|save|add|home|filter|export|import|"
    r"history|welcome|required|actions?|user|results?|entry|entries|view|object|back)\b",
    re.IGNORECASE,
)


def english(response):
    icons_aside = re.sub(r"<span[^>]*material-symbols[^>]*>[^<]*</span>", "", html_of(response))
    return sorted({match[0] for match in ENGLISH.finditer(plain(icons_aside))})


@pytest.mark.django_db
def test_no_english_before_signing_in(client):
    assert english(client.get(reverse("admin:login"))) == []
    wrong = client.post(reverse("admin:login"), {"username": "x", "password": "x"})
    assert english(wrong) == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["Chuyên viên", "Nhập liệu", None])
def test_no_english_on_the_pages_of_staff(client, role):
    sync_roles()
    agency = make_agency()
    activity = make_activity(lead_agency=agency, title="Hội nghị")
    make_update(activity)
    user = make_user(agency=agency, role=role, is_superuser=role is None)
    client.force_login(user)
    addresses = [
        reverse("admin:index"),
        reverse("admin:programs_activity_changelist"),
        reverse("admin:programs_activity_changelist") + "?q=x",
        reverse("admin:programs_activity_change", args=(activity.pk,)),
        reverse("admin:programs_activity_history", args=(activity.pk,)),
        reverse("admin:programs_activity_simple_history", args=(activity.pk, activity.history.get().pk)),
        reverse("admin:programs_activity_export"),
        reverse("admin:enterprises_mou_changelist"),
        reverse("admin:password_change"),
    ]
    if role is None:
        addresses += [
            reverse("admin:programs_activity_delete", args=(activity.pk,)),
            reverse("admin:cooperation_user_change", args=(user.pk,)),
            reverse("admin:cooperation_user_add"),
            reverse("admin:auth_user_password_change", args=(user.pk,)),
        ]
    assert {address: words for address in addresses if (words := english(client.get(address)))} == {}
