"""The two kinds of works a corpus can hold: invented ones, and papers that were given.

Both answer the same questions by index; works stand in the order of their ids. Times are seconds
since 1970, announcement days ordinals, so that half a million works stay small.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Protocol

from digest.fetcher.calendar import Calendar
from digest.model import Paper, base_of, sequence_of
from digest.simulator.schedule import Schedule
from digest.simulator.texts import categories_of, text_of

_IN_SEQUENCE = re.compile(r"[0-9]{4}\.[0-9]{4,5}")


class Works(Protocol):
    """What a corpus needs to know of its works."""

    @property
    def submitted(self) -> Sequence[int]:
        """The submission of each work's first version."""

    @property
    def announced(self) -> Sequence[int]:
        """The announcement day of each work."""

    @property
    def absent(self) -> frozenset[str]:
        """Base ids that were given out and never made public."""

    def find(self, base: str) -> int | None:
        """The index of a base id."""

    def base(self, index: int) -> str:
        """The base id of a work."""

    def versions(self, index: int) -> tuple[tuple[int, int], ...]:
        """Number and submission of each version, ascending."""

    def categories(self, index: int) -> tuple[str, ...]:
        """The categories of a work, the primary one first."""

    def paper(self, index: int, version: int) -> Paper:
        """One version in full."""


class Invented:
    """Works whose texts are composed when they are asked for."""

    def __init__(self, schedule: Schedule, seed: int) -> None:
        self._schedule = schedule
        self._seed = seed
        self.submitted: Sequence[int] = schedule.submitted
        self.announced: Sequence[int] = schedule.announced
        self.absent = frozenset(schedule.absent)
        # A request of 2,000 papers is often repeated; more than a few pages are not worth memory.
        self.paper = lru_cache(maxsize=4096)(self._paper)

    def find(self, base: str) -> int | None:
        """The index of a base id."""
        if not _IN_SEQUENCE.fullmatch(base):
            return None
        sequence = sequence_of(base)
        if sequence is None or base_of(sequence) != base:
            return None
        index = bisect_left(self._schedule.sequence, sequence)
        found = index < len(self._schedule.sequence)
        return index if found and self._schedule.sequence[index] == sequence else None

    def base(self, index: int) -> str:
        """The base id of a work."""
        return base_of(self._schedule.sequence[index])

    def versions(self, index: int) -> tuple[tuple[int, int], ...]:
        """Number and submission of each version."""
        times = (self.submitted[index], *self._schedule.revised.get(index, ()))
        return tuple(enumerate(times, start=1))

    def categories(self, index: int) -> tuple[str, ...]:
        """The categories of a work."""
        return categories_of(self._seed, self._schedule.sequence[index])

    def _paper(self, index: int, version: int) -> Paper:
        text = text_of(self._seed, self._schedule.sequence[index], version)
        base = self.base(index)
        return Paper(
            id=base,
            version=version,
            url=f"http://arxiv.org/abs/{base}v{version}",
            title=text.title,
            abstract=text.abstract,
            authors=text.authors,
            categories=self.categories(index),
            published=_moment(self.submitted[index]),
            updated=_moment(dict(self.versions(index))[version]),
            comment=text.comment,
            doi=text.doi,
            journal_ref=text.journal_ref,
        )


class Given:
    """Works that somebody brought along."""

    def __init__(
        self,
        papers: Iterable[Paper],
        announced: Mapping[str, date],
        absent: Iterable[str],
        calendar: Calendar,
    ) -> None:
        ordered = sorted(papers, key=lambda paper: (_order(paper.id), paper.version))
        grouped = groupby(ordered, key=lambda paper: paper.id)
        self._works: list[tuple[str, dict[int, Paper]]] = [
            (base, {paper.version: paper for paper in group}) for base, group in grouped
        ]
        for paper, other in pairwise(ordered):
            if (paper.id, paper.version) == (other.id, other.version):
                raise ValueError(f"{paper.id}v{paper.version} was given twice")
        self._index = {base: index for index, (base, _) in enumerate(self._works)}
        self.absent = frozenset(absent)
        self.submitted: Sequence[int] = array("q")
        self.announced: Sequence[int] = array("l")
        for base, versions in self._works:
            published = min(paper.published for paper in versions.values())
            day = announced.get(base) or calendar.day_of(published)
            self.submitted.append(int(published.timestamp()))
            self.announced.append(day.toordinal())

    def find(self, base: str) -> int | None:
        """The index of a base id."""
        return self._index.get(base)

    def base(self, index: int) -> str:
        """The base id of a work."""
        return self._works[index][0]

    def versions(self, index: int) -> tuple[tuple[int, int], ...]:
        """Number and submission of each version."""
        papers = self._works[index][1].values()
        return tuple((paper.version, int(paper.updated.timestamp())) for paper in papers)

    def categories(self, index: int) -> tuple[str, ...]:
        """The categories of a work."""
        return next(reversed(self._works[index][1].values())).categories

    def paper(self, index: int, version: int) -> Paper:
        """One version in full."""
        return self._works[index][1][version]


def _order(base: str) -> tuple[int, str]:
    """Old-style ids first: they are all older than the sequence."""
    return sequence_of(base) or 0, base


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
