"""The papers a simulated arXiv has, with the truth about when each was announced.

A corpus is generated from a seed, put together from papers, read back from digests, or kept in a
file of JSON Lines (`jsonlines` tells the format).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Final

from digest.fetcher.calendar import Calendar
from digest.model import Digest, Paper
from digest.simulator import digests as readback
from digest.simulator import jsonlines
from digest.simulator.schedule import Habits, announce
from digest.simulator.works import Given, Invented, Works


class Corpus:
    """Works in the order of their ids, found by id, by submission time or by announcement day."""

    def __init__(self, works: Works, calendar: Calendar | None = None) -> None:
        self._works: Final = works
        self._calendar: Final = calendar or Calendar()

    @classmethod
    def generate(
        cls,
        *,
        seed: int,
        first: date,
        last: date,
        per_day: int = 1500,
        held: float = 0.159,
        revised: float = 0.06,
        absent: float = 0.0,
        calendar: Calendar | None = None,
    ) -> Corpus:
        """Invent every announcement from `first` to `last`; the same seed gives the same corpus.

        `per_day` is the mean size of a batch, `held` the share of papers that came in before the
        batch's window, `revised` the share that gets a second version, `absent` the share of ids
        that are given out and never made public. Held papers that stand before the very
        first in-time one follow no papers that would show them to be late. Raises ValueError for
        more papers a month than there are ids.
        """
        calendar = calendar or Calendar()
        habits = Habits(per_day, held, revised, absent)
        schedule = announce(Random(seed), calendar, first, last, habits)
        return cls(Invented(schedule, seed), calendar)

    @classmethod
    def of(cls, papers: Iterable[Paper], announced: Mapping[str, date] | None = None) -> Corpus:
        """A corpus of these papers; `announced` tells the days of works that were held.

        A work may come in several versions, also without the first. Raises ValueError if one
        version comes twice.
        """
        calendar = Calendar()
        return cls(Given(papers, announced or {}, (), calendar), calendar)

    @classmethod
    def from_digests(cls, digests: Iterable[Digest], *, calendar: Calendar | None = None) -> Corpus:
        """The papers of digests that were read back, with invented times that keep their order."""
        calendar = calendar or Calendar()
        papers, announced = readback.retrace(digests, calendar)
        return cls(Given(papers, announced, (), calendar), calendar)

    @classmethod
    def read(cls, path: Path) -> Corpus:
        """Read a corpus file. Raises ValueError, naming file and line, if it is none."""
        papers, announced, absent = jsonlines.read(Path(path))
        calendar = Calendar()
        return cls(Given(papers, announced, absent, calendar), calendar)

    def write(self, path: Path) -> None:
        """Write a corpus file."""
        works = ((self.announced(base), self.versions(base)) for base in self)
        jsonlines.write(Path(path), works, sorted(self.absent))

    def __len__(self) -> int:
        return len(self._works.submitted)

    def __iter__(self) -> Iterator[str]:
        """The base ids in their order."""
        return (self._works.base(index) for index in range(len(self)))

    @property
    def absent(self) -> frozenset[str]:
        """Base ids that were given out and never made public."""
        return self._works.absent

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The announcement days that have papers, ascending."""
        return tuple(map(date.fromordinal, sorted(self._by_day)))

    def announced(self, base: str) -> date:
        """The truth: the announcement day of a work. Raises KeyError for an unknown id."""
        return date.fromordinal(self._works.announced[self._index(base)])

    def versions(self, base: str) -> tuple[Paper, ...]:
        """All versions of a work, the first one first. Raises KeyError for an unknown id."""
        index = self._index(base)
        return tuple(self._works.paper(index, number) for number, _ in self._works.versions(index))

    def papers(self, day: date) -> list[Paper]:
        """The works announced on a day, in the order of ids, each as that day shows it.

        That is the newest version announced by then.
        """
        horizon = day.toordinal()
        indices = self._by_day.get(horizon, ())
        shown = ((index, self.current(index, horizon)) for index in indices)
        return [self._works.paper(index, number) for index, number in shown if number]

    # What the simulator asks; works are named by their index, days by their ordinal.

    def find(self, base: str) -> int | None:
        """The index of a base id, None if there is no such work."""
        return self._works.find(base)

    def base(self, index: int) -> str:
        """The base id of a work."""
        return self._works.base(index)

    def submitted(self, index: int) -> int:
        """When the first version was submitted, in seconds since 1970."""
        return self._works.submitted[index]

    def day(self, index: int) -> int:
        """The announcement day of a work, as an ordinal."""
        return self._works.announced[index]

    def categories(self, index: int) -> tuple[str, ...]:
        """The categories of a work; cheap, where the whole paper is not."""
        return self._works.categories(index)

    def paper(self, index: int, version: int) -> Paper:
        """One version in full."""
        return self._works.paper(index, version)

    def public_versions(self, index: int, horizon: int) -> dict[int, int]:
        """The versions announced up to a day: number to submission in seconds, ascending.

        A version is announced on the calendar day of its own submission, but not before its work.
        """
        if self._works.announced[index] > horizon:
            return {}
        first, *later = self._works.versions(index)
        public = (
            version
            for version in later
            if self._calendar.day_of_second(version[1]).toordinal() <= horizon
        )
        return dict((first, *public))

    def announcements(self, index: int) -> tuple[int, ...]:
        """The announcement days of a work's versions, as ordinals, in the order of the versions."""
        day = self._works.announced[index]
        _, *later = self._works.versions(index)
        calendar = self._calendar
        return (day, *(max(day, calendar.day_of_second(at).toordinal()) for _, at in later))

    def current(self, index: int, horizon: int) -> int | None:
        """The number of the newest version announced up to a day, None before the first."""
        return max(self.public_versions(index, horizon), default=None)

    def between(self, earliest: float, latest: float) -> Sequence[int]:
        """The works submitted from `earliest` to `latest`, both included, by submission time."""
        order, times = self._by_time
        return order[bisect_left(times, earliest) : bisect_right(times, latest)]

    @cached_property
    def _by_time(self) -> tuple[array[int], array[int]]:
        submitted = self._works.submitted
        order = array("l", sorted(range(len(self)), key=submitted.__getitem__))
        return order, array("q", (submitted[index] for index in order))

    @cached_property
    def _by_day(self) -> dict[int, array[int]]:
        days: dict[int, array[int]] = {}
        for index, day in enumerate(self._works.announced):
            days.setdefault(day, array("l")).append(index)
        return days

    def _index(self, base: str) -> int:
        index = self._works.find(base)
        if index is None:
            raise KeyError(base)
        return index
