"""The writes that make two records of one firm one, and two again. Atomic, locked, with why in the history.

What can be undone is undone exactly: a memorandum goes back unless somebody has since given it another
party, a field of the kept record goes back unless somebody has since written something else into it.
"""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from cooperation.permissions import CHANGE
from cooperation.text import fold
from enterprises.models import MOU, Enterprise, EnterpriseMerge

CHUNK = 500
NAMED_AT_MOST = 5
_SIDES = ("party_a", "party_b")
_FILLED = ("tax_code", "personal_number", "province_id")
_DERIVED = ("identity_key", "search_text", "sort_key")


class MergeRefusedError(Exception):
    """Nothing was written; the message says why, and what to do."""


def may_merge(user) -> bool:
    """True where the account's permissions allow it; whose memoranda may be moved comes on top."""
    return user.has_perms(("enterprises.change_enterprise", "enterprises.change_mou"))


def merge(kept: Enterprise, merged: Enterprise, *, user, reason: str) -> EnterpriseMerge:
    """Make `merged` a closed record that leads to `kept`, which takes over its memoranda and names.

    Raises MergeRefusedError, and PermissionDenied for an account without the permissions.
    """
    _require_permissions(user)
    if kept.pk == merged.pk:
        raise MergeRefusedError(_("Đây là cùng một doanh nghiệp: hãy chọn hai bản ghi khác nhau."))
    with _written_whole():
        kept, merged = _locked(kept.pk, merged.pk)
        _require_one_firm(kept, merged)
        mous = _locked_mous(merged)
        _require_own(mous, merged, user)
        _require_not_between(mous, kept)
        sides = [(mou, side) for mou in mous for side in _SIDES if getattr(mou, f"{side}_id") == merged.pk]
        before = _facts(kept)
        _take_over(kept, merged)
        record = EnterpriseMerge.objects.create(
            kept=kept,
            merged=merged,
            merged_by=user,
            reason=reason.strip(),
            moved=[[mou.pk, side] for mou, side in sides],
            kept_before=before,
            kept_after=_facts(kept),
        )
        why = _("Gộp doanh nghiệp, lần %(number)s: %(merge)s") % {"number": record.pk, "merge": record}
        _move(sides, kept, user, why)
        merged.merged_into = kept
        _save(merged, user, why)  # first: its tax code is free for the kept record only once it is closed
        _save(kept, user, why)
    return record


def unmerge(merge: EnterpriseMerge, *, user) -> None:
    """Open the merged record again and give back what still is as the merge left it.

    Raises MergeRefusedError, and PermissionDenied for an account without the permissions.
    """
    _require_permissions(user)
    with _written_whole():
        record = EnterpriseMerge.objects.select_for_update().get(pk=merge.pk)
        if record.undone_at is not None:
            raise MergeRefusedError(_("Lần gộp này đã được bỏ rồi."))
        kept, merged = _locked(record.kept_id, record.merged_id)
        if kept.merged_into_id is not None:
            raise MergeRefusedError(
                _("“%(kept)s” sau đó đã được gộp vào “%(other)s”: hãy bỏ lần gộp ấy trước.")
                % {"kept": kept.name, "other": kept.merged_into.name}
            )
        moved = dict(record.moved)
        sides = [
            (mou, moved[mou.pk])
            for mou in _locked_mous(kept)
            if mou.pk in moved and getattr(mou, f"{moved[mou.pk]}_id") == kept.pk
        ]
        _require_own([mou for mou, _side in sides], kept, user)
        record.kept, record.merged = kept, merged
        why = _("Bỏ gộp doanh nghiệp, lần %(number)s: %(merge)s") % {"number": record.pk, "merge": record}
        _move(sides, merged, user, why)
        _give_back(kept, record)
        _save(kept, user, why)
        merged.merged_into = None
        _save(merged, user, why)
        record.undone_by, record.undone_at = user, timezone.now()
        record.save(update_fields=["undone_by", "undone_at"])


def _require_permissions(user) -> None:
    if not may_merge(user):
        raise PermissionDenied(_("Tài khoản của bạn không có quyền làm việc này."))


@contextmanager
def _written_whole():
    """All or nothing; what somebody wrote between our checks and the write is a refusal, not a fault."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        raise MergeRefusedError(
            _("Dữ liệu vừa được người khác thay đổi nên chưa ghi gì. Hãy mở lại trang và thử lại.")
        ) from fault


def _locked(*keys: int) -> list[Enterprise]:
    """The enterprises of these keys in that order, always locked in the same one: two merges never wait
    for each other."""
    found = {row.pk: row for row in Enterprise.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    if len(found) < len(keys):
        raise MergeRefusedError(_("Doanh nghiệp không còn trong hệ thống: hãy mở lại danh sách."))
    return [found[key] for key in keys]


def _of(enterprise: Enterprise) -> Q:
    return Q(party_a=enterprise) | Q(party_b=enterprise)


def _locked_mous(enterprise: Enterprise) -> list[MOU]:
    rows = MOU.objects.filter(_of(enterprise)).select_related("party_a", "party_b").order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _require_one_firm(kept: Enterprise, merged: Enterprise) -> None:
    if kept.is_demonstration != merged.is_demonstration:
        raise MergeRefusedError(
            _("Không gộp doanh nghiệp thật với doanh nghiệp minh họa: hãy chọn hai bản ghi cùng loại.")
        )
    for one in (kept, merged):
        if one.merged_into_id is not None:
            raise MergeRefusedError(
                _("“%(name)s” đã được gộp vào “%(other)s”: hãy chọn “%(other)s”, hoặc bỏ lần gộp ấy trước.")
                % {"name": one.name, "other": one.merged_into.name}
            )
    if kept.tax_code and merged.tax_code and kept.tax_code != merged.tax_code:
        raise MergeRefusedError(
            _(
                "Hai mã số thuế khác nhau (%(one)s và %(other)s) là hai doanh nghiệp. Nếu một mã ghi sai, "
                "hãy xóa mã ấy rồi gộp lại."
            )
            % {"one": kept.tax_code, "other": merged.tax_code}
        )
    if kept.personal_number and merged.personal_number and kept.personal_number != merged.personal_number:
        raise MergeRefusedError(
            _(
                "Hai số định danh cá nhân khác nhau là hai hộ kinh doanh. Nếu một số ghi sai, hãy xóa số ấy "
                "rồi gộp lại."
            )
        )
    if merged.personal_number and kept.published:  # its name and memoranda would become public as well
        raise MergeRefusedError(
            _(
                "“%(merged)s” có số định danh cá nhân nên không được công khai: hãy bỏ công khai “%(kept)s” "
                "rồi gộp lại."
            )
            % {"merged": merged.name, "kept": kept.name}
        )


def _require_own(mous, owner: Enterprise, user) -> None:
    """Whatever moves must be the user's to write. Other agencies' is counted, not named: it may be hidden."""
    rows = MOU.objects.for_user(user, CHANGE).filter(_of(owner))
    own = set(rows.values_list("pk", flat=True))
    if foreign := sum(mou.pk not in own for mou in mous):
        raise MergeRefusedError(
            _(
                "%(count)d bản ghi nhớ phải chuyển thuộc cơ quan khác nên bạn không chuyển được: "
                "hãy nhờ quản trị hệ thống làm việc này."
            )
            % {"count": foreign}
        )


def _require_not_between(mous, kept: Enterprise) -> None:
    between = [mou for mou in mous if kept.pk in (mou.party_a_id, mou.party_b_id)]
    if between:
        raise MergeRefusedError(
            _(
                "Hai doanh nghiệp này ký bản ghi nhớ với nhau nên không phải là một: %(mous)s. Nếu bản ghi "
                "nhớ ghi sai bên, hãy sửa nó rồi gộp lại."
            )
            % {"mous": _named(between)}
        )


def _named(mous) -> str:
    """The memoranda as a person finds them; the first few of many."""
    names = [
        _("“%(title)s” ký ngày %(day)s") % {"title": mou.title, "day": f"{mou.signed_on:%d/%m/%Y}"}
        for mou in mous[:NAMED_AT_MOST]
    ]
    if more := len(mous) - len(names):
        names.append(_("và %(count)d bản ghi nhớ khác") % {"count": more})
    return "; ".join(names)


def _facts(enterprise: Enterprise) -> dict:
    """What a merge may write on the kept record, as JSON."""
    return {name: getattr(enterprise, name) for name in ("other_names", *_FILLED)}


def _names(enterprise: Enterprise) -> list[str]:
    return [enterprise.name, *enterprise.other_names.splitlines()]


def _name_key(name: str) -> str:
    return fold(name) or name


def _take_over(kept: Enterprise, merged: Enterprise) -> None:
    """Add names that the kept record does not bear yet, accents and case aside, and fill what is empty."""
    known = {_name_key(name) for name in _names(kept)}
    lines = kept.other_names.splitlines()
    for name in _names(merged):
        if (key := _name_key(name)) not in known:
            known.add(key)
            lines.append(name)
    kept.other_names = "\n".join(lines)
    for name in _FILLED:
        setattr(kept, name, getattr(kept, name) or getattr(merged, name))
    kept.prepare()


def _brought(record: EnterpriseMerge) -> set[str]:
    """The lines that the merge wrote among the kept record's other names."""
    old, new = (set(facts["other_names"].splitlines()) for facts in (record.kept_before, record.kept_after))
    return new - old


def _give_back(kept: Enterprise, record: EnterpriseMerge) -> None:
    """Take from the kept record what this merge brought, and neither what staff wrote since nor what
    another merge that stands brings as well."""
    before, after = record.kept_before, record.kept_after
    then = kept.merges.filter(Q(undone_at__isnull=True) | Q(undone_at__gt=record.merged_at))
    # A name that an earlier merge had brought was there already; it goes with the last who bears it.
    earlier = {line for other in then.filter(pk__lt=record.pk) for line in _brought(other)}
    own = {_name_key(line) for line in before["other_names"].splitlines() if line not in earlier}
    others = kept.merged.exclude(pk=record.merged_id)
    shared = {_name_key(name) for other in others for name in _names(other)}
    gone = {_name_key(name) for name in _names(record.merged)} - own - shared
    written = earlier | _brought(record)
    kept.other_names = "\n".join(
        line for line in kept.other_names.splitlines() if line not in written or _name_key(line) not in gone
    )
    for name in _FILLED:
        if getattr(kept, name) == after[name]:
            setattr(kept, name, before[name])


def _move(sides, owner: Enterprise, user, why: str) -> None:
    """Make `owner` the party on that side of each memorandum. `sides`: pairs of memorandum and side."""
    told = {mou.pk: _named([mou]) for mou, _side in sides}
    for mou, side in sides:
        setattr(mou, side, owner)
        mou.version += 1
        mou.prepare()
    mous = [mou for mou, _side in sides]
    rows = MOU.objects.filter(_of(owner), number="")
    taken = set(rows.values_list("plan_id", "identity_key"))
    twins = [mou for mou in mous if not mou.number and (mou.plan_id, mou.identity_key) in taken]
    if twins:
        raise MergeRefusedError(
            _(
                "“%(owner)s” đã có bản ghi nhớ không số cùng hai bên, cùng ngày ký, cùng nội dung với: "
                "%(mous)s. Hãy ghi số hoặc xóa bản thừa rồi làm lại."
            )
            % {"owner": owner.name, "mous": "; ".join(told[mou.pk] for mou in twins[:NAMED_AT_MOST])}
        )
    bulk_update_with_history(
        mous,
        MOU,
        (*_SIDES, *_DERIVED, "version"),
        batch_size=CHUNK,
        default_user=user,
        default_change_reason=why,
    )


def _save(enterprise: Enterprise, user, why: str) -> None:
    """Save with who and why; what a constraint would refuse is said before, in its own words."""
    enterprise.prepare()
    try:
        enterprise.validate_constraints()
    except ValidationError as refusal:
        raise MergeRefusedError(
            _("“%(name)s”: %(why)s Hãy gộp hoặc sửa bản ghi ấy trước.")
            % {"name": enterprise.name, "why": " ".join(refusal.messages)}
        ) from refusal
    enterprise._history_user, enterprise._change_reason = user, why
    enterprise.save()
    # Whoever saves the same object later has their own reason.
    del enterprise._history_user, enterprise._change_reason
