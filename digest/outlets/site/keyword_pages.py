"""The pages of keywords: all of them, and each with its papers, part by part.

A part is a month, or some days of it where a month has more papers than a page should.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from digest.outlets.site import plots
from digest.outlets.site.addresses import keyword_page
from digest.outlets.site.counts import Counts
from digest.outlets.site.looks import Looks, Word
from digest.outlets.site.memory import Brief, Day
from digest.outlets.site.months import short_name
from digest.outlets.site.pages import Site
from digest.outlets.site.tables import Table, weekly_table
from digest.outlets.site.text import possible
from digest.outlets.site.views import Link, Listed, listed
from digest.writer.editions import page_of

#: Papers on a page, for pages of less than 300 kB.
_MOST = 200


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


@dataclass(frozen=True, slots=True)
class Part:
    """Days of a month (`2026-11`) with papers of a keyword, the newest first.

    `span` tells which days of the month (`1–12`), "" if it is all of them. `file` distinguishes the
    page: `2026-11` is the first of the month, `2026-11.2` the next one.
    """

    month: str
    span: str
    file: str
    days: tuple[tuple[Day, Sequence[Brief]], ...]

    @property
    def name(self) -> str:
        """`2026-11` or `2026-11, 1–12`."""
        return f"{self.month}, {self.span}" if self.span else self.month

    @property
    def papers(self) -> int:
        """How many papers of the keyword it has."""
        return sum(len(papers) for _, papers in self.days)

    @property
    def marks(self) -> list[str]:
        """Equal for equal papers."""
        return [day.mark for day, _ in self.days]


def parts(days: Iterable[tuple[Day, Sequence[Brief]]]) -> list[Part]:
    """The parts of the days of a keyword, which ascend; the newest part first.

    Filled from the first of a month on, so that a day more changes the newest part only. A day is
    never cut.
    """
    found: list[Part] = []
    for month, group in groupby(days, key=lambda each: f"{each[0].day:%Y-%m}"):
        filled: list[list[tuple[Day, Sequence[Brief]]]] = [[]]
        room = _MOST
        for day, papers in group:
            room -= len(papers)
            if room < 0 and filled[-1]:
                filled.append([])
                room = _MOST - len(papers)
            filled[-1].append((day, papers))
        for number, each in enumerate(filled, 1):
            span = _span(each[0][0], each[-1][0]) if len(filled) > 1 else ""
            file = month if number == 1 else f"{month}.{number}"
            found.append(Part(month, span, file, tuple(reversed(each))))
    return found[::-1]


def _span(first: Day, last: Day) -> str:
    numbers = dict.fromkeys((str(first.day.day), str(last.day.day)))
    return "–".join(numbers)


def courses(numbers: Counts, words: Sequence[Word]) -> list[Course]:
    """How often keywords are, week by week."""
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


class KeywordPages:
    """Writes these pages. Raises WriteError."""

    def __init__(self, site: Site, looks: Looks, numbers: Counts) -> None:
        self._site = site
        self._looks = looks
        self._numbers = numbers

    def write(self, days: Sequence[Day]) -> None:
        """All of them, of the days in ascending order."""
        self._site.page(
            "keyword/index.html", "keywords", "Keywords", self._numbers.weekly, self._index
        )
        having: defaultdict[str, list[tuple[Day, Sequence[Brief]]]] = defaultdict(list)
        for day in days:
            of_day: defaultdict[str, list[Brief]] = defaultdict(list)
            for paper in day.papers:
                for keyword in paper.keywords:
                    of_day[keyword].append(paper)
            for keyword, papers in of_day.items():
                having[keyword].append((day, papers))
        for word in self._looks.words(self._looks.names):
            self._keyword(word, parts(having[word.name]))

    def _index(self) -> Mapping[str, object]:
        groups = [
            {"name": possible(name), "lines": courses(self._numbers, words)}
            for name, words in self._looks.groups
        ]
        words = self._looks.words(self._looks.names)
        return {"groups": groups, "table": weekly_table(self._numbers, words)}

    def _keyword(self, word: Word, found: Sequence[Part]) -> None:
        """The page of a keyword with the newest part, and one for each part before."""
        links = [
            Link(part.name, keyword_page(word.slug, part.file if number else ""), part.papers)
            for number, part in enumerate(found)
        ]
        numbers = self._numbers.weekly.get(word.name), self._numbers.partners(word.name)
        newest = found[0] if found else Part("", "", "", ())
        self._site.page(
            word.page,
            "keyword",
            possible(word.name),
            (links, self._numbers.weeks, numbers, newest.marks),
            lambda: self._own(word, found, links, newest),
        )
        for number, part in enumerate(found[1:], 1):
            older = next(iter(links[number + 1 :]), None)
            self._site.page(
                links[number].page,
                "keyword",
                f"{possible(word.name)}, {part.name}",
                (part.marks, older),
                # Made at once if at all, so with this part and the one before.
                lambda: self._view(word, part, older),  # noqa: B023
            )

    def _own(
        self, word: Word, found: Sequence[Part], links: Sequence[Link], newest: Part
    ) -> Mapping[str, object]:
        weekly = self._numbers.weekly.get(word.name, (0,) * len(self._numbers.weeks))
        names = [f"{week.day} {week:%b}" for week in self._numbers.weeks]
        rows = list(zip(names, weekly, strict=True))
        partners = [
            {"name": possible(other.name), "look": other.look, "page": other.page, "papers": papers}
            for partner, papers in self._numbers.partners(word.name)
            for other in self._looks.words([partner])
        ]
        return {
            **self._view(word, newest, next(iter(links[1:]), None)),
            "plot": plots.bars(f"Papers a week with {word.name}", rows, word.look),
            "table": Table(("Week of", "Papers"), tuple(rows)),
            "partners": partners,
            "months": [
                (month, [(part.span or month, link) for part, link in group])
                for month, group in groupby(
                    zip(found, links, strict=True), key=lambda each: each[0].month
                )
            ],
        }

    def _view(self, word: Word, part: Part, older: Link | None) -> Mapping[str, object]:
        return {
            "word": {"name": possible(word.name), "look": word.look, "page": word.page},
            "part": part.name,
            "plot": "",
            "months": (),
            "days": [
                ListedDay(
                    short_name(day.day),
                    page_of(day.day),
                    tuple(listed(day.day, paper, self._looks) for paper in papers),
                )
                for day, papers in part.days
            ],
            "older": older,
        }
