"""The search page /tim/: one box over everything that is public."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cooperation.lists import page_of, without_nul
from cooperation.search_index import words_of
from portal.search.finding import COUNT_LIMIT, LAST_PAGE, PAGE_SIZE, Hit, counts, hits
from portal.search.forms import SearchForm
from portal.search.kinds import KINDS, Kind
from portal.search.marking import marked, snippet


def search(request):
    """Ranked, marked results with counts by kind. At most twenty-eight queries, however much is stored."""
    request.GET = without_nul(request.GET)
    form = SearchForm(request.GET)
    context = {"form": form, "title": _("Tìm kiếm"), "limit": COUNT_LIMIT}
    if form.is_valid() and (query := form.cleaned_data["tim"].strip()):
        context |= _found(request, query, form.cleaned_data["loai"], form.cleaned_data["ke_hoach"])
    return render(request, "portal/search/search.html", context)


def _found(request, query: str, asked: str, plan) -> dict:
    words = words_of(query)
    by_kind = counts(query, plan)
    kinds = [kind for kind in KINDS if by_kind[kind.key] and asked in ("", kind.key)]
    total = sum(by_kind[kind.key] for kind in kinds)
    page = page_of(range(min(total, LAST_PAGE * PAGE_SIZE)), request.GET.get("page"), PAGE_SIZE)
    found = hits(query, plan, kinds, page.number) if kinds else []
    return {
        "plan": plan,
        "query": query,
        "page": page,
        "total": total,
        "is_capped": any(by_kind[kind.key] > COUNT_LIMIT for kind in kinds),
        "hits": [_shown(hit, words) for hit in found],
        "kinds": [
            {
                "label": kind.label,
                "count": by_kind[kind.key],
                "query": urlencode(_query(query, kind.key, plan)),
                "is_asked": kind.key == asked,
            }
            for kind in KINDS
        ],
        "state": urlencode(_query(query, asked, plan)),
        "everything": "" if not asked else urlencode(_query(query, "", plan)),
        "list_address": next((_list(kind, query, plan) for kind in kinds if kind.key == asked), ""),
        "beyond": page.number == page.paginator.num_pages == LAST_PAGE and total > LAST_PAGE * PAGE_SIZE,
    }


def _query(query: str, kind: str, plan) -> dict[str, str]:
    asked = {"tim": query, "loai": kind, "ke_hoach": plan.slug if plan else ""}
    return {name: value for name, value in asked.items() if value}


def _list(kind: Kind, query: str, plan) -> str:
    """The list of that kind, filtered by the same words."""
    if not kind.list_name or (kind.list_of_plan and plan is None):
        return ""
    kwargs = plan.url_kwargs if kind.list_of_plan else {}
    return f"{reverse(kind.list_name, kwargs=kwargs)}?{urlencode({'tim': query})}"


def _shown(hit: Hit, words: list[str]) -> dict:
    table = hit.table
    return {
        "kind": hit.kind.label,
        "address": table.address(hit.record),
        "title": marked(table.title(hit.record), words),
        "number": marked(table.number(hit.record), words),
        "about": table.about(hit.record),
        "text": snippet(table.text(hit.record), words),
    }
