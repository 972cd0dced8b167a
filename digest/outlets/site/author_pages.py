"""The pages of authors, several on each, and the way to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby

from digest.outlets.site.abstracts import inline
from digest.outlets.site.addresses import author_place
from digest.outlets.site.memory import Day
from digest.outlets.site.months import short_name
from digest.outlets.site.pages import Site
from digest.outlets.site.text import possible
from digest.outlets.site.views import Link, paper_page

_MOST = 40

#: The papers of an author, newest first: the name as it stands there, the day, id and title.
_Papers = list[tuple[str, date, str, str]]

_place = lru_cache(maxsize=1 << 16)(author_place)


def write_authors(site: Site, days: Sequence[Day]) -> None:
    """All of them, of the days in ascending order. Raises WriteError."""
    pages: defaultdict[str, defaultdict[str, _Papers]] = defaultdict(lambda: defaultdict(list))
    for day in reversed(days):
        for paper in day.papers:
            for name in paper.authors:
                page, slug = _place(name)
                pages[page][slug].append((name, day.day, paper.id, paper.title))
    for page, authors in pages.items():
        found = sorted(authors.items(), key=lambda item: item[0].split("-")[::-1])
        site.page(
            page,
            "author",
            f"Authors {_initials(page)}",
            found,
            # Made at once if at all, so with this page and its authors.
            lambda: {"name": _initials(page), "authors": [_author(*one) for one in found]},  # noqa: B023
        )
    names = [
        (name, [Link(_initials(page), page.removeprefix("author/")) for page in group])
        for name, group in groupby(
            sorted(pages), key=lambda page: _initials(page).partition("…")[0]
        )
    ]
    frequent = _frequent(pages)
    site.page(
        "author/index.html",
        "authors",
        "Authors",
        (names, frequent),
        lambda: {"names": names, "frequent": frequent},
    )


def _frequent(pages: Mapping[str, Mapping[str, _Papers]]) -> list[Link]:
    """The authors with most papers."""
    number = Counter(
        {
            (possible(papers[0][0]), f"{page}#{slug}"): len(papers)
            for page, authors in pages.items()
            for slug, papers in authors.items()
        }
    )
    ordered = sorted(number.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
    return [Link(name, page, papers) for (name, page), papers in ordered]


def _author(slug: str, papers: _Papers) -> Mapping[str, object]:
    return {
        "slug": slug,
        "name": possible(papers[0][0]),
        "papers": [
            {"title": inline(title), "page": paper_page(day, paper), "day": short_name(day)}
            for _, day, paper, title in papers
        ],
    }


def _initials(page: str) -> str:
    """`Sm…, J…`, from `author/sm-j.html`."""
    family, _, given = page.removeprefix("author/").removesuffix(".html").partition("-")
    return f"{family.capitalize()}…" + (f", {given.upper()}…" if given else "")
