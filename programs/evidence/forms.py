"""Evidence in the admin: one row of the activity's page, and the form set around the rows."""

import contextlib
import time

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import Widget
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cooperation.admin_forms import RecordForm
from cooperation.admin_inlines import PortalTabularInline
from cooperation.permissions import CHANGE
from programs.evidence import quota
from programs.evidence.files import prepare
from programs.models import Evidence

# What one form may take to look into its files: the server ends a request after a minute.
_SECONDS_A_FORM = 20


class StoredFile(Widget):
    """A file that is there is opened, not exchanged: a row's file is what it was when it was added."""

    def __init__(self, evidence: Evidence):
        super().__init__()
        self.evidence = evidence

    def render(self, name, value, attrs=None, renderer=None):
        evidence = self.evidence
        return format_html(
            '<a class="underline" href="{}">{}</a> ({})',
            evidence.get_absolute_url(), evidence.file_name, quota.amount(evidence.size),
        )  # fmt: skip


class EvidenceForm(RecordForm):
    def __init__(self, *args, user=None, writable=frozenset(), **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        file = self.fields.get("file")
        if file is None:  # a reader's page has no fields
            return
        file.max_length = None  # a clerk's long name is cut, not refused: it is not the stored one
        if self.instance.pk and self.instance.file:
            file.disabled = True
            file.widget = StoredFile(self.instance)
        if self.instance.pk and self.instance.pk not in writable:
            for field in self.fields.values():
                field.disabled = True

    def clean_file(self):
        """The file as it may be stored; who adds it is who answers for its size."""
        upload = self.cleaned_data.get("file")
        if not isinstance(upload, UploadedFile):
            return upload
        self.instance.added_by = self.user
        return prepare(upload, self.user)

    def clean(self):
        cleaned = super().clean()
        if self.instance._state.adding:
            self.instance.added_by = self.user
        return cleaned


class EvidenceFormSet(PortalTabularInline.formset):
    user = None  # the inline sets it, a class for every request

    @cached_property
    def writable(self) -> frozenset[int]:
        """Rows of the other side's reports are read here, not written."""
        shown = [row.pk for row in self.get_queryset()]
        if not shown:
            return frozenset()
        rows = Evidence.objects.for_user(self.user, CHANGE).filter(pk__in=shown)
        return frozenset(rows.values_list("pk", flat=True))

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "user": self.user, "writable": self.writable}

    def clean(self):
        """All files of one form together fit into the quota."""
        super().clean()
        files = [form.cleaned_data.get("file") for form in self.forms if hasattr(form, "cleaned_data")]
        fresh = sum(file.size for file in files if hasattr(file, "sha256"))
        if fresh:
            quota.require_room(self.user, fresh)


class PreparesEvidence:
    """Looks into the files before the admin's transaction begins: it would hold SQLite's only writer."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and request.user.has_perm("programs.add_evidence"):
            self._prepare(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _prepare(self, request):
        until = time.monotonic() + _SECONDS_A_FORM
        for name, upload in request.FILES.items():
            if not name.startswith("evidence-"):
                continue
            if time.monotonic() > until:
                upload.evidence_outcome = ValidationError(
                    _("Quá nhiều tệp nặng trong một lần gửi: hãy lưu rồi thêm từng tệp.")
                )
            with contextlib.suppress(ValidationError):  # the form says it, beside the field
                prepare(upload, request.user)
