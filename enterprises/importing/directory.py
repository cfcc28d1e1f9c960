"""Provinces and enterprises as a sheet's rows name them: read once, in a few queries, then from dicts."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from cooperation.importing.values import ValueProblemError, nearest, quoted
from cooperation.models import Province
from cooperation.text import fold
from enterprises.models import Enterprise
from enterprises.names import core_key, name_key, proper_key
from enterprises.tax_codes import is_personal

_PROVINCE_PREFIXES = ("tinh ", "thanh pho ", "tp ")
_OLD_SUFFIXES = (" cu", " truoc day")
_NEW_SUFFIXES = (" moi", " hien nay")


class Provinces:
    """Provinces by name and day."""

    def __init__(self):
        self.by_pk = {province.pk: province for province in Province.objects.all()}
        self._by_name = defaultdict(list)
        for province in self.by_pk.values():
            self._by_name[_bare(province.name)].append(province)
        self.lines = {pk: self._line(province) for pk, province in self.by_pk.items()}
        self._found: dict[tuple[str, date | None], Province] = {}

    def named(self, name: str, on: date | None) -> Province:
        """The province of that name on the day of signing; "(cũ)" and "(mới)" tell two of one name apart.

        `on` is None where no day is known. Problem: unknown_province.
        """
        if (name, on) not in self._found:
            self._found[name, on] = self._search(name, on)
        return self._found[name, on]

    def _search(self, name: str, on: date | None) -> Province:
        bare = _bare(name)
        candidates = self._by_name.get(bare, [])
        for suffixes, dissolved in ((_OLD_SUFFIXES, True), (_NEW_SUFFIXES, False)):
            suffix = next((suffix for suffix in suffixes if bare.endswith(suffix)), "")
            if suffix and not candidates:
                same_name = self._by_name.get(bare.removesuffix(suffix), [])
                candidates = [one for one in same_name if bool(one.dissolved_on) == dissolved]
        if len(candidates) > 1:
            candidates = [one for one in candidates if on and one.exists_on(on)] or candidates
        if not candidates:
            near = nearest(bare, list(self._by_name))
            advice = self._by_name[near][0].name if near else _("Long An, Tây Ninh")
            raise ValueProblemError(
                "unknown_province",
                _("Không có tỉnh “%(value)s”: hãy ghi đúng tên tỉnh, ví dụ %(near)s.")
                % {"value": quoted(name), "near": advice},
            )
        return candidates[0]

    def _line(self, province: Province) -> set[int]:
        """The ids of the province and of those that it was merged into, one after the other."""
        line = {province.pk}
        while province.successor_id and province.successor_id not in line:
            province = self.by_pk[province.successor_id]
            line.add(province.pk)
        return line


@lru_cache(maxsize=1_000)
def _bare(name: str) -> str:
    bare = fold(name)
    for prefix in _PROVINCE_PREFIXES:
        bare = bare.removeprefix(prefix)
    return bare


@dataclass(slots=True, eq=False)
class Party:
    """An enterprise: stored, or (`pk` None) as the sheet brings it. `added` are names it gains."""

    pk: int | None
    name: str
    name_key: str
    tax_code: str
    personal_number: str
    province_id: int | None
    other_names: str = ""
    first_row: int = 0
    added: list[str] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        return {self.tax_code, self.personal_number} - {""}

    @property
    def key(self) -> str:
        """What names a new enterprise in the clerk's decisions, the same at every reading of the sheet."""
        return f"{self.name_key}|{self.province_id or ''}|{self.tax_code or self.personal_number}"

    def is_same(self, other: "Party") -> bool:
        """True where both are one enterprise: by tax code, else by name where nothing tells them apart."""
        if self is other:
            return True
        if self.codes and other.codes:
            return bool(self.codes & other.codes)
        return self.name_key == other.name_key and (
            self.province_id == other.province_id or None in (self.province_id, other.province_id)
        )


@dataclass(slots=True)
class Question:
    """ "Cùng một doanh nghiệp?": a new name that is near a known one. `answer` is "", "same" or "new"."""

    key: str
    row: int
    name: str
    near: str
    near_pk: int | None
    answer: str = ""


class Companies:
    """Enterprises by tax code, then by name within the province. `decisions` is question key → answer."""

    def __init__(self, provinces: Provinces, *, is_demonstration: bool, decisions: dict[str, str]):
        self._provinces = provinces
        self._decisions = decisions
        self.questions: dict[str, Question] = {}
        self._by_code: dict[str, Party] = {}
        self._by_name: dict[tuple[str, int | None], list[Party]] = defaultdict(list)
        self._by_bare_name: dict[str, list[Party]] = defaultdict(list)
        self._typed_codes: dict[int, str] = {}
        self._keys: dict[str, str] = {}
        self._near: dict[str, list[Party]] | None = None
        self.by_pk: dict[int, Party] = {}
        rows = Enterprise.objects.filter(is_demonstration=is_demonstration).order_by("pk")
        merged = []
        for pk, name, key, code, personal, province_id, others, kept in rows.values_list(
            "pk",
            "name",
            "name_key",
            "tax_code",
            "personal_number",
            "province_id",
            "other_names",
            "merged_into",
        ):
            party = Party(pk, name, key, code, personal, province_id, others)
            if kept:
                merged.append((party, kept))
            else:
                self.by_pk[pk] = party
                self._remember(party)
        successor = {party.pk: kept for party, kept in merged}
        for party, kept in merged:
            while kept in successor:
                kept = successor[kept]
            self._alias(party, kept)
        for party in self.by_pk.values():
            for other in party.other_names.splitlines():
                self._add_name(name_key(other), party)

    def _alias(self, party: Party, kept_pk: int) -> None:
        """What a merged record is known by now leads to the one that was kept."""
        kept = self.by_pk.get(kept_pk)
        if kept is not None:
            for code in party.codes:
                self._by_code.setdefault(code, kept)
            self._add_name(party.name_key, kept)

    def _add_name(self, key: str, party: Party) -> None:
        for known in (self._by_name[key, party.province_id], self._by_bare_name[key]):
            if party not in known:
                known.append(party)

    def _remember(self, party: Party) -> None:
        for code in party.codes:
            self._by_code[code] = party
        self._by_name[party.name_key, party.province_id].append(party)
        self._by_bare_name[party.name_key].append(party)
        if self._near is not None:
            self._add_near(party)

    def find(
        self,
        name: str,
        code: str,
        province: Province | None,
        row: int,
        *,
        is_faulty: bool = False,
        partner: Party | None = None,
    ) -> tuple[Party, str]:
        """The enterprise that a row names, and the name of one that is near but not it.

        A name that nobody bears makes a new Party, for later rows too unless the row is faulty. Two that
        sign with each other are two: `partner` is never taken for near. Problem:
        possible_duplicate, where several bear the name and nothing tells them apart.
        """
        if code and code in self._by_code:
            return self._by_code[code], ""
        key = self._keys.get(name)
        if key is None:
            key = self._keys[name] = name_key(name)
        province_id = province.pk if province else None
        same_name = self._by_name.get((key, province_id), []) if province else self._by_bare_name.get(key, [])
        if code:
            # One that has no code yet may be it, but not for two different codes.
            same_name = [
                known
                for known in same_name
                if not known.codes and self._typed_code(known, code, is_faulty) == code
            ]
        if not code and len(same_name) > 1:
            # Of several that bear the name, what names no code, or no province, is the one that has none.
            bare = [known for known in same_name if not known.tax_code and known.province_id == province_id]
            own = [known for known in bare if known.name_key == key] or bare
            same_name = own if len(own) == 1 else same_name
        if len(same_name) > 1 and province is None:
            raise ValueProblemError(
                "possible_duplicate",
                _("Có %(count)d doanh nghiệp cùng tên “%(name)s”: hãy ghi tỉnh hoặc mã số thuế.")
                % {"count": len(same_name), "name": quoted(name)},
            )
        if same_name:
            return same_name[0], ""
        personal = code if is_personal(code) else ""
        new = Party(None, name, key, "" if personal else code, personal, province_id, first_row=row)
        if is_faulty:
            near = self._nearest(new, partner)
            return new, near.name if near else ""
        return self._decided(new, partner)

    def _typed_code(self, known: Party, code: str, is_faulty: bool) -> str:
        """The first code that a row gives to one who has none."""
        return (
            self._typed_codes.get(id(known), code)
            if is_faulty
            else self._typed_codes.setdefault(id(known), code)
        )

    def _decided(self, new: Party, partner: Party | None) -> tuple[Party, str]:
        near = self._nearest(new, partner)
        if near is not None:
            answer = self._decisions.get(new.key, "")
            self.questions[new.key] = Question(new.key, new.first_row, new.name, near.name, near.pk, answer)
            if answer == "same":
                if new.name_key != near.name_key:
                    near.added.append(new.name)
                self._add_name(new.name_key, near)
                for code in new.codes:
                    self._by_code[code] = near
                return near, ""
            if answer == "new":
                near = None
        self._remember(new)
        return new, near.name if near else ""

    def _nearest(self, new: Party, partner: Party | None) -> Party | None:
        """One that may be the same: legal form, lines of business, one slip of the pen, a merger aside."""
        if self._near is None:
            self._near = defaultdict(list)
            for party in self.by_pk.values():
                self._add_near(party)
        home = new.province_id
        for key in _near_keys(new.name_key):
            for other in self._near.get(key, ()):
                there = other.province_id
                line = self._provinces.lines
                if other is partner:
                    continue
                if new.tax_code and other.tax_code and new.tax_code[:10] == other.tax_code[:10]:
                    continue  # a branch is not its parent
                if None in (home, there) or home in line[there] or there in line[home]:
                    return other
        return None

    def _add_near(self, party: Party) -> None:
        for key in _near_keys(party.name_key):
            self._near[key].append(party)


def _near_keys(key: str) -> set[str]:
    """Names that share one of these are worth a question."""
    keys = {core_key(key), proper_key(key)}
    return {one for one in keys if one}
