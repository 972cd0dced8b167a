"""The pages over all days: start, keywords, authors, starred."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from markupsafe import Markup

from digest.site import plots
from digest.site.abstracts import inline
from digest.site.addresses import author_place, day_page, keyword_page
from digest.site.counts import Counts, counts
from digest.site.looks import Looks, Word
from digest.site.memory import Brief, Day
from digest.site.months import WEEKDAYS, day_name, months, short_name
from digest.site.pages import Site
from digest.site.text import possible
from digest.site.views import Link, Listed, listed, paper_page

#: What the start page shows at once.
_SHOWN_PAPERS = 12
_SHOWN_MONTHS = 6

_MOST_AUTHORS = 40
_PAIRS_LISTED = 30


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a plot."""

    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot and its numbers."""

    plot: Markup
    table: Table


@dataclass(frozen=True, slots=True)
class Course:
    """A keyword with its papers over time."""

    name: str
    look: str
    page: str
    papers: int
    plot: Markup


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day with papers in a list."""

    name: str
    page: str
    papers: tuple[Listed, ...]


class Overviews:
    """Writes these pages to the site."""

    def __init__(self, site: Site, looks: Looks) -> None:
        self._site = site
        self._looks = looks

    def write(self, days: Sequence[Day]) -> None:
        """All of them, from the days in ascending order. Raises WriteError."""
        numbers = counts(days, self._looks.names)
        self._start(days, numbers)
        self._keywords(days, numbers)
        self._authors(days)
        self._site.page("starred.html", "starred", "Starred papers")

    def _start(self, days: Sequence[Day], numbers: Counts) -> None:
        frequent = self._looks.words(numbers.frequent())
        self._site.page(
            "index.html",
            "start",
            "Start",
            latest=self._latest(days[-1]) if days else None,
            days=len(days),
            papers=sum(len(day.papers) for day in days),
            weekdays=WEEKDAYS,
            shown_months=_SHOWN_MONTHS,
            months=months({day.day: len(day.papers) for day in days}),
            daily=_daily(numbers),
            pairs=_pairs(numbers, frequent),
            weekly={
                "lines": self._courses(numbers, frequent),
                "table": _weekly(numbers, frequent),
            },
        )

    def _latest(self, day: Day) -> dict[str, Any]:
        return {
            "name": day_name(day.day),
            "iso": day.day.isoformat(),
            "page": day_page(day.day),
            "papers": len(day.papers),
            "shown": [
                listed(day.day, paper, self._looks, teaser=True)
                for paper in day.papers[:_SHOWN_PAPERS]
            ],
        }

    def _courses(self, numbers: Counts, words: Sequence[Word]) -> list[Course]:
        return [
            Course(
                possible(word.name),
                word.look,
                word.page,
                numbers.total(word.name),
                plots.line(numbers.course(word.name), word.look),
            )
            for word in words
        ]

    def _keywords(self, days: Sequence[Day], numbers: Counts) -> None:
        groups = [
            {"name": possible(name), "lines": self._courses(numbers, words)}
            for name, words in self._looks.groups
        ]
        table = _weekly(numbers, self._looks.words(self._looks.names))
        self._site.page("keyword/index.html", "keywords", "Keywords", groups=groups, table=table)
        found: defaultdict[str, list[tuple[date, Brief]]] = defaultdict(list)
        for day in reversed(days):
            for paper in day.papers:
                for keyword in paper.keywords:
                    found[keyword].append((day.day, paper))
        for word in self._looks.words(self._looks.names):
            self._keyword(word, found[word.name], numbers)

    def _keyword(self, word: Word, found: Sequence[tuple[date, Brief]], numbers: Counts) -> None:
        """The pages of a keyword: its own with the newest month, and one for each month before."""
        by_month = {
            month: list(papers)
            for month, papers in groupby(found, key=lambda each: f"{each[0]:%Y-%m}")
        }
        newest = next(iter(by_month), "")
        links = [
            Link(month, keyword_page(word.slug, "" if month == newest else month), len(papers))
            for month, papers in by_month.items()
        ]
        name = possible(word.name)
        partners = [
            {"name": other.name, "look": other.look, "page": other.page, "papers": papers}
            for partner, papers in numbers.partners(word.name)
            for other in self._looks.words([partner])
        ]
        self._site.page(
            word.page,
            "keyword",
            name,
            word={"name": name, "look": word.look, "page": word.page},
            plot=plots.bars(f"Papers a week with {name}", _weeks(numbers, word.name), word.look),
            table=Table(("Week of", "Papers"), tuple(_weeks(numbers, word.name))),
            partners=partners,
            months=links,
            month=newest,
            days=self._by_day(by_month.pop(newest, ())),
        )
        for month, papers in by_month.items():
            self._site.page(
                keyword_page(word.slug, month),
                "keyword",
                f"{name}, {month}",
                word={"name": name, "look": word.look, "page": word.page},
                plot="",
                months=[],
                month=month,
                days=self._by_day(papers),
            )

    def _by_day(self, papers: Sequence[tuple[date, Brief]]) -> list[ListedDay]:
        return [
            ListedDay(
                short_name(day),
                day_page(day),
                tuple(listed(day, paper, self._looks) for _, paper in group),
            )
            for day, group in groupby(papers, key=lambda each: each[0])
        ]

    def _authors(self, days: Sequence[Day]) -> None:
        pages: defaultdict[str, defaultdict[str, list[tuple[str, date, Brief]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for day in reversed(days):
            for paper in day.papers:
                for name in paper.authors:
                    page, slug = author_place(name)
                    pages[page][slug].append((name, day.day, paper))
        frequent: Counter[tuple[str, str]] = Counter()
        for page, authors in pages.items():
            self._author(page, authors)
            for slug, papers in authors.items():
                frequent[possible(papers[0][0]), f"{page}#{slug}"] = len(papers)
        letters = [
            [Link(_initials(page), page, len(pages[page])) for page in group]
            for _, group in groupby(sorted(pages), key=lambda page: _initials(page)[0])
        ]
        ordered = sorted(frequent.items(), key=lambda item: (-item[1], item[0]))[:_MOST_AUTHORS]
        self._site.page(
            "author/index.html",
            "authors",
            "Authors",
            frequent=[Link(name, page, papers) for (name, page), papers in ordered],
            letters=[
                [{"name": one.name, "page": one.page, "authors": one.papers} for one in letter]
                for letter in letters
            ],
        )

    def _author(self, page: str, authors: dict[str, list[tuple[str, date, Brief]]]) -> None:
        self._site.page(
            page,
            "author",
            f"Authors {_initials(page)}…",
            name=_initials(page),
            authors=[
                {
                    "slug": slug,
                    "name": possible(papers[0][0]),
                    "papers": [
                        {
                            "title": inline(paper.title),
                            "page": paper_page(day, paper.id),
                            "day": short_name(day),
                        }
                        for _, day, paper in papers
                    ],
                }
                for slug, papers in sorted(
                    authors.items(), key=lambda item: item[0].split("-")[::-1]
                )
            ],
        )


def _initials(page: str) -> str:
    """`Sm`, from `author/sm.html`."""
    return page.removeprefix("author/").removesuffix(".html").capitalize()


def _daily(numbers: Counts) -> Plot:
    rows = [(f"{day.day} {day:%b}", papers) for day, papers in numbers.daily]
    table = tuple((short_name(day), papers) for day, papers in reversed(numbers.daily))
    return Plot(plots.bars("Papers a day", rows), Table(("Day", "Papers"), table))


def _weeks(numbers: Counts, keyword: str) -> list[tuple[str, int]]:
    names = [f"{week.day} {week:%b}" for week in numbers.weeks]
    return list(zip(names, numbers.weekly.get(keyword, (0,) * len(names)), strict=True))


def _weekly(numbers: Counts, words: Sequence[Word]) -> Table:
    return Table(
        ("Week of", *(possible(word.name) for word in words)),
        tuple(
            (f"{week.isoformat()}", *(numbers.weekly[word.name][place] for word in words))
            for place, week in enumerate(numbers.weeks)
        ),
    )


def _pairs(numbers: Counts, words: Sequence[Word]) -> Plot:
    names = [word.name for word in words]

    def both(one: str, other: str) -> int | None:
        return numbers.pairs[min(one, other), max(one, other)] or None

    rows = [
        (one, [both(one, other) if place < number else None for place, other in enumerate(names)])
        for number, one in enumerate(names)
    ]
    ordered = sorted(numbers.pairs.items(), key=lambda item: (-item[1], item[0]))
    table = tuple(
        (f"{possible(one)} and {possible(other)}", papers)
        for (one, other), papers in ordered[:_PAIRS_LISTED]
    )
    return Plot(
        plots.dots(
            "Papers with both of two keywords",
            names[:-1],
            [(name, cells[:-1]) for name, cells in rows[1:]],
        ),
        Table(("Keywords", "Papers"), table),
    )
