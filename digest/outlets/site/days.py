"""The pages of the digests: made anew where anything that a page shows is another.

A day of many papers has several pages, so that the first one is there at once. The scripts of the
first page fetch the others; without them links lead there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from digest.archive import DigestRecord
from digest.matcher import Matcher
from digest.model.reports import DayState
from digest.outlets.site.addresses import day_part, slug_of
from digest.outlets.site.likeness import WINDOW, Likeness, Place
from digest.outlets.site.looks import Looks
from digest.outlets.site.memory import Brief, Day, Memory, fingerprint
from digest.outlets.site.months import day_name, short_name
from digest.outlets.site.pages import Site
from digest.outlets.site.views import Link, PaperView, Similar, choices, day_of, paper_view, similar
from digest.outlets.site.weeks import week_of
from digest.writer.editions import Editions, page_of

#: Bytes of the papers on a page, and of an entry of the contents: the first page has all of them.
#: Together with what frames them, a page has less than 250 kB before it is packed.
_MOST = 235_000
_ENTRY = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a day: its number, its file, its papers."""

    number: int
    page: str
    papers: list[PaperView]


def parts_of(papers: Sequence[PaperView]) -> list[list[PaperView]]:
    """The papers of each page of a day; there is always a first one."""
    parts: list[list[PaperView]] = [[]]
    room = _MOST - _ENTRY * len(papers)
    for paper in papers:
        room -= paper.size
        if room < 0 and parts[-1]:
            parts.append([])
            room = _MOST - paper.size
        parts[-1].append(paper)
    return parts


class DayPages:
    """Makes the page of each day; `made_with` names all that is the same for all of them."""

    def __init__(
        self,
        site: Site,
        memory: Memory,
        editions: Editions,
        matcher: Matcher,
        looks: Looks,
        made_with: str,
    ) -> None:
        self._site = site
        self._memory = memory
        self._editions = editions
        self._matcher = matcher
        self._looks = looks
        self._made_with = made_with
        self._days: dict[date, Day] = {}
        self._likeness = Likeness()
        self._briefs: dict[Place, Brief] = {}

    def days(self, altered: set[str]) -> Iterator[Day]:
        """Every day, ascending, once its page is there; `altered` are papers to look at again.

        Raises WriteError and ArchiveError.
        """
        records = self._editions.records()
        for number, record in enumerate(records):
            key = self._key(records, number)
            day = self._known(record.period.day, key, altered)
            if day is None:
                day = self._made(records, number, key)
            self._days[day.day] = day
            yield day

    def _key(self, records: Sequence[DigestRecord], number: int) -> str:
        """Names what the page of a day is made of: its digest, those around it, those before."""
        record = records[number]
        first = number
        while first and records[first - 1].period.day > record.period.day - WINDOW:
            first -= 1
        window = [(one.period, one.sha256, one.made_with) for one in records[first : number + 1]]
        order = self._editions.orders.name_of(record)
        beside = [one.period.day for one in records[max(number - 1, 0) : number + 2]]
        summaries = self._editions.summarized(record)
        return fingerprint(self._made_with, window, order, record.state, beside, summaries)

    def _known(self, of: date, key: str, altered: set[str]) -> Day | None:
        """A day whose pages are as they have to be."""
        day = self._memory.day(of)
        if day is None or day.key != key:
            return None
        if not all(self._site.has(day_part(of, part), key) for part in range(1, day.parts + 1)):
            return None
        return day if altered.isdisjoint(paper.id for paper in day.papers) else None

    def _made(self, records: Sequence[DigestRecord], number: int, key: str) -> Day:
        record = records[number]
        edition = self._editions.written(record)
        day = self._days[edition.day] = day_of(edition, self._matcher, key)
        self._look_around(day.day)
        papers = [
            paper_view(shown, brief, self._looks, self._similar(day.day, brief.id))
            for shown, brief in zip(edition.shown, day.papers, strict=True)
        ]
        parts = parts_of(self._by_topic(papers))
        day = self._days[edition.day] = replace(day, parts=len(parts))
        words = [word for one in papers for word in one.keywords]
        topics = [topic for one in papers for topic in one.topics]
        view = {
            "day": {"iso": day.day.isoformat(), "name": day_name(day.day)},
            "week": week_of(day.day),
            "papers": len(papers),
            "partial": record.state == DayState.PARTIAL,
            "unconfirmed": record.state == DayState.UNCONFIRMED,
            "earlier": _link(records[number - 1]) if number else None,
            "later": _link(records[number + 1]) if number + 1 < len(records) else None,
            "keywords": choices((word.slug, word.name) for word in words),
            "categories": choices((name, name) for one in papers for name in one.categories),
            "topics": choices((slug_of(topic), topic) for topic in topics),
            "scored": any(one.score is not None for one in papers),
            "headings": len({one.topic for one in papers}) > 1,
            "parts": [
                Part(number, PurePath(day_part(day.day, number)).name, papers)
                for number, papers in enumerate(parts, 1)
            ],
        }
        for part in range(1, len(parts) + 1):
            name = day_part(day.day, part)
            title = short_name(day.day) + (f", part {part}" if part > 1 else "")
            self._site.make(name, "day", title, key, {**view, "number": part})
        self._memory.keep_day(day)
        return day

    def _by_topic(self, papers: list[PaperView]) -> list[PaperView]:
        """Papers under their first topics, which are in the order of the configuration."""
        places = {name: place for place, name in enumerate(self._looks.topics)}
        return sorted(papers, key=lambda paper: places.get(paper.topic, 0))

    def _look_around(self, of: date) -> None:
        """Have the papers of the last thirty days at hand, to find those that are like another."""
        wanted = {day for day in self._days if of - WINDOW < day <= of}
        for day in self._likeness.days - wanted:
            self._likeness.drop(day)
        for day in sorted(wanted - self._likeness.days):
            papers = self._days[day].papers
            self._briefs |= {Place(day, one.id): one for one in papers}
            self._likeness.add(day, ((one.id, one.title, one.abstract) for one in papers))

    def _similar(self, of: date, paper: str) -> list[Similar]:
        return [
            similar(place.day, self._briefs[place])
            for place in self._likeness.like(Place(of, paper))
        ]


def _link(record: DigestRecord) -> Link:
    """A day, for the page of another one in the same folder."""
    day = record.period.day
    return Link(short_name(day), page_of(day).removeprefix("day/"))
