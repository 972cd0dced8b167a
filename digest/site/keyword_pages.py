"""The pages of keywords: all of them, and each with its papers, month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from digest.editions import page_of
from digest.site import plots
from digest.site.addresses import keyword_page
from digest.site.counts import Counts
from digest.site.looks import Looks, Word
from digest.site.memory import Day
from digest.site.months import short_name
from digest.site.pages import Site
from digest.site.tables import Table, weekly_table
from digest.site.text import possible
from digest.site.views import Link, Listed, listed


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
        having: defaultdict[str, list[Day]] = defaultdict(list)
        for day in reversed(days):
            for keyword in dict.fromkeys(word for paper in day.papers for word in paper.keywords):
                having[keyword].append(day)
        for word in self._looks.words(self._looks.names):
            self._keyword(word, having[word.name])

    def _index(self) -> Mapping[str, object]:
        groups = [
            {"name": possible(name), "lines": courses(self._numbers, words)}
            for name, words in self._looks.groups
        ]
        words = self._looks.words(self._looks.names)
        return {"groups": groups, "table": weekly_table(self._numbers, words)}

    def _keyword(self, word: Word, days: Sequence[Day]) -> None:
        """The page of a keyword with the newest month, and one for each month before."""
        by_month = {
            month: list(group) for month, group in groupby(days, key=lambda day: f"{day.day:%Y-%m}")
        }
        newest = next(iter(by_month), "")
        links = [
            Link(
                month, keyword_page(word.slug, "" if month == newest else month), _papers(word, of)
            )
            for month, of in by_month.items()
        ]
        numbers = self._numbers.weekly.get(word.name), self._numbers.partners(word.name)
        shown = by_month.pop(newest, [])
        self._site.page(
            word.page,
            "keyword",
            possible(word.name),
            (links, self._numbers.weeks, numbers, _marks(shown)),
            lambda: self._own(word, links, newest, shown),
        )
        for month, of in by_month.items():
            self._site.page(
                keyword_page(word.slug, month),
                "keyword",
                f"{possible(word.name)}, {month}",
                _marks(of),
                # Made at once if at all, so with this month and its days.
                lambda: self._view(word, month, of),  # noqa: B023
            )

    def _own(
        self, word: Word, links: Sequence[Link], newest: str, days: Sequence[Day]
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
            **self._view(word, newest, days),
            "plot": plots.bars(f"Papers a week with {word.name}", rows, word.look),
            "table": Table(("Week of", "Papers"), tuple(rows)),
            "partners": partners,
            "months": links,
        }

    def _view(self, word: Word, month: str, days: Sequence[Day]) -> Mapping[str, object]:
        return {
            "word": {"name": possible(word.name), "look": word.look, "page": word.page},
            "month": month,
            "plot": "",
            "months": (),
            "days": list(self._listed(word, days)),
        }

    def _listed(self, word: Word, days: Sequence[Day]) -> Iterator[ListedDay]:
        for day in days:
            papers = (paper for paper in day.papers if word.name in paper.keywords)
            yield ListedDay(
                short_name(day.day),
                page_of(day.day),
                tuple(listed(day.day, paper, self._looks) for paper in papers),
            )


def _papers(word: Word, days: Sequence[Day]) -> int:
    return sum(word.name in paper.keywords for day in days for paper in day.papers)


def _marks(days: Sequence[Day]) -> list[str]:
    return [day.mark for day in days]
