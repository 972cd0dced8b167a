"""Papers read back from digests, with invented submission times that keep what was shown.

A digest tells the date of a paper's first version and, by its order, which of two papers was
submitted later; the rest is made up: whole seconds between midnight and the earliest cutoff, so
that all papers of a date can be announced together, and ascending with the ids wherever the order
of the digest allows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from typing import Final

from digest.fetcher.calendar import Calendar
from digest.model import Badge, Digest, Entry, Paper, PaperId, sequence_of

#: The cutoff is never earlier than 18:00 UTC (14:00 in New York, in summer).
_EARLIEST_CUTOFF: Final = 18 * 3600

#: A digest does not show categories.
_CATEGORIES: Final = ("cs.LG",)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One work as a digest shows it."""

    id: PaperId
    entry: Entry
    day: date

    @property
    def place(self) -> tuple[int, str]:
        return sequence_of(self.id.base) or 0, self.id.base


def retrace(digests: Iterable[Digest], calendar: Calendar) -> tuple[list[Paper], dict[str, date]]:
    """All versions of all works, and the announcement day of each work.

    Raises ValueError if an entry's link holds no arXiv id.
    """
    papers: list[Paper] = []
    announced: dict[str, date] = {}
    timed = [pair for group in _by_date(digests).values() for pair in _times(group)]
    latest = date.min
    for shown, published in sorted(timed, key=lambda pair: pair[0].place):
        # Ids are given at announcement: no work is announced before one with a lower id.
        latest = max(latest, calendar.day_of(published), _first_day(shown.id, calendar))
        announced[shown.id.base] = min(latest, shown.day)
        papers += _versions(shown, published, calendar)
    return papers, announced


def _first_day(paper: PaperId, calendar: Calendar) -> date:
    """The first day on which a work with this id can be announced."""
    return date.min if paper.sequence is None else calendar.id_month(paper.sequence)[0]


def _by_date(digests: Iterable[Digest]) -> dict[date, list[_Shown]]:
    """The works of each date of submission in the order of submission."""
    orders: dict[date, list[list[_Shown]]] = {}
    for digest in digests:
        of_date: dict[date, list[_Shown]] = {}
        for entry in reversed(digest.entries):
            shown = _Shown(PaperId.parse(entry.url), entry, digest.day)
            of_date.setdefault(entry.published, []).append(shown)
        for day, order in of_date.items():
            orders.setdefault(day, []).append(order)
    # Each digest's order stays as it is; between digests the ids decide.
    return {
        day: list(merge(*several, key=lambda shown: shown.place)) for day, several in orders.items()
    }


def _times(group: list[_Shown]) -> Iterator[tuple[_Shown, datetime]]:
    """A time for each of the works of one date, evenly spread before the cutoff."""
    for position, shown in enumerate(group, start=1):
        seconds = _EARLIEST_CUTOFF * position // (len(group) + 1)
        midnight = datetime.combine(shown.entry.published, time(), UTC)
        yield shown, midnight + timedelta(seconds=seconds)


def _versions(shown: _Shown, published: datetime, calendar: Calendar) -> Iterator[Paper]:
    """The shown version and the older ones, all submitted in time for the digest."""
    last = shown.id.version or 1
    day = shown.day
    while (window := calendar.window(day)) is None:
        day -= timedelta(days=1)
    spare = max(int((window.end - published).total_seconds()), last)
    for version in range(1, last + 1):
        updated = published + timedelta(seconds=(version - 1) * (spare // last))
        yield Paper(
            id=shown.id.base,
            version=version,
            url=shown.entry.url
            if version == shown.id.version
            else f"http://arxiv.org/abs/{shown.id.base}v{version}",
            title=shown.entry.title,
            abstract="".join(
                part.text if isinstance(part, Badge) else part for part in shown.entry.abstract
            ),
            authors=shown.entry.names,
            categories=_CATEGORIES,
            published=published,
            updated=updated,
        )
