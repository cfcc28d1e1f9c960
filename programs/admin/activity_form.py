"""The admin's form of an activity: a change of its dates keeps the dates that held before."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation.admin_base import DateWidget
from cooperation.admin_forms import ReasonedForm
from cooperation.admin_inlines import RowsFormSet
from cooperation.dates import EARLIEST, LATEST, span_end
from programs.models import ScheduleChange, Suspension
from programs.schedules import Schedule, schedule_left, suspension_left

_TERM = ("start_on", "due_on", "date_precision")


class ActivityForm(ReasonedForm):
    """Asks from which day a new term holds: as of an earlier day the old one is shown and counted."""

    schedule_from = forms.DateField(
        label=gettext_lazy("Thời hạn mới áp dụng từ ngày"),
        required=False,
        widget=DateWidget,
        help_text=gettext_lazy(
            "Chỉ dùng khi đổi ngày bắt đầu hoặc hạn: trước ngày này vẫn tính theo thời hạn cũ. "
            "Xóa trống nếu chỉ sửa lỗi ghi: thời hạn mới thay cho cả trước đây."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.was = Schedule(*(getattr(self.instance, name) for name in _TERM))
        self.was_suspended = (self.instance.suspended_on, self.instance.resumed_on)
        if self.instance.pk is None:
            del self.fields["schedule_from"]  # a new activity has no earlier term
        else:
            self.fields["schedule_from"].initial = localdate()

    def clean(self):
        cleaned = super().clean()
        if not self.errors and self.instance.pk is not None:
            self._check_term(cleaned)
        return cleaned

    def _check_term(self, data) -> None:
        """The new term begins on a day that has come; not before the last change, which would rewrite what
        held in between, and not after the end of the activity, which nobody can put off any more."""
        due_on, day = data["due_on"], data["schedule_from"]
        if due_on is not None and due_on.year <= LATEST:
            due_on = span_end(due_on, data["date_precision"])
        changed = Schedule(data["start_on"], due_on, data["date_precision"]) != self.was
        last = self.instance.schedule_changes.order_by("-on").first()
        # Taken before any error: what has one is no longer in the data.
        ends = {name: data[name] for name in ("completed_on", "cancelled_on") if data[name] is not None}
        for name, ended_on in ends.items():
            if last is not None and ended_on < last.on and name in self.changed_data:
                why = _("Thời hạn đã được điều chỉnh từ ngày %s, sau ngày này: hãy xem lại một trong hai.")
                self.add_error(name, why % f"{last.on:%d/%m/%Y}")
        self.instance.term_changes_from = day if changed else None
        if not changed or day is None:
            return
        if day.year < EARLIEST:
            why = _("Năm phải từ %s: hãy xem lại ngày này.") % EARLIEST
        elif day > localdate():
            why = _("Ngày này chưa đến: hãy đổi thời hạn khi đã có quyết định.")
        elif last is not None and day < last.on:
            why = _(
                "Thời hạn đã được điều chỉnh từ ngày %s: hãy ghi ngày đó trở đi, "
                "hoặc sửa dòng ấy ở thẻ “Các lần điều chỉnh thời hạn”."
            )
            why %= f"{last.on:%d/%m/%Y}"
        elif any(ended_on < day for ended_on in ends.values()):
            why = _(
                "Hoạt động đã kết thúc trước ngày này nên không điều chỉnh thời hạn được nữa. "
                "Nếu chỉ sửa lỗi ghi, hãy xóa trống ô này."
            )
        else:
            return
        self.add_error("schedule_from", why)

    def left_behind(self) -> list[ScheduleChange | Suspension]:
        """The rows, not saved yet, that say what the dates were before this form was saved."""
        day = self.cleaned_data.get("schedule_from")
        document = self.cleaned_data.get("change_document") or ""
        rows = (
            schedule_left(self.instance, self.was, day, document),
            suspension_left(self.instance, self.was_suspended),
        )
        return [row for row in rows if row is not None]


class ScheduleChangeFormSet(RowsFormSet):
    """Rows of earlier terms are mended, or the term is changed: each in a save of its own."""

    def clean(self):
        super().clean()
        if self.has_changed() and getattr(self.instance, "term_changes_from", None) is not None:
            raise ValidationError(
                _(
                    "Không lưu cùng lúc một thời hạn mới và dòng của thẻ này. Hãy lưu từng việc một, "
                    "hoặc xóa trống ô “Thời hạn mới áp dụng từ ngày”."
                )
            )
