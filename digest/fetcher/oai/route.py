"""The route by OAI-PMH: papers from the lists of the days on which arXiv touched their records.

A new paper is in the list of its announcement day, until a new version or an edit moves it to a
later one. So the lists are read from the first wanted day to today. They have no totals and
promise nothing: the id sequence shows what they lack, and that is asked for record by record.
Behind the newest paper the next numbers are tried, since nothing else shows a list that ends
early. Of a paper there is only the newest version.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from itertools import islice
from typing import Final

from digest.fetcher.calendar import Calendar
from digest.fetcher.document import Rejected
from digest.fetcher.oai.api import OaiApi
from digest.fetcher.oai.records import Record
from digest.fetcher.route import IdsRead, Store, WindowRead
from digest.model import Paper, PaperId, Source, Window, base_of, sequence_of
from digest.model.errors import Unavailable

#: No paper has been seen to be held longer than 119 days.
_LONGEST_HELD: Final = timedelta(days=120)

#: So many numbers in a row that arXiv does not have are the end of what it has announced.
_BEHIND_END: Final = 3

#: A list that ends so many papers early is left to the next run.
_MOST_BEHIND_END: Final = 60

#: How many papers of a list are stored at once.
_STORED_AT_ONCE: Final = 500

#: Records are asked for one by one, three seconds each; what came is stored in between.
_BATCH: Final = 50

_DAY: Final = timedelta(days=1)


class OaiRoute:
    """Reads the papers of some announcement days, those in `categories` (`cs.*`; empty: any).

    `now` tells which lists there are.
    """

    def __init__(
        self,
        api: OaiApi,
        calendar: Calendar,
        categories: tuple[str, ...],
        days: Collection[date],
        now: Callable[[], datetime],
    ) -> None:
        self.source = Source.OAI
        self.batch = _BATCH
        self._api = api
        self._calendar = calendar
        self._categories = categories
        self._now = now
        first, self._last = min(days), max(days)
        self._whole = Window(_window(calendar, first).start, _window(calendar, self._last).end)
        self._first_place = calendar.first_place(first)
        self._next_list = first
        self._is_end_known = False
        self._newest = 0
        self._came: dict[str, datetime] = {}
        self._held: dict[str, Paper] = {}
        self._outside: set[str] = set()
        self._rejected: list[Rejected] = []

    def read_window(self, window: Window, store: Store) -> WindowRead:
        """The papers of a window of the wanted days; the first one reads the lists of them all."""
        while self._next_list <= self._now().date():
            self._take(self._api.records(self._next_list, self._next_list), store)
            self._next_list += _DAY
        if not self._is_end_known and self._last == self._calendar.latest(self._now()):
            self._take(self._behind_end(), store)
            self._is_end_known = True
        came = sum(published in window for published in self._came.values())
        rejected, self._rejected = tuple(self._rejected), []
        return WindowRead(came, came, (), rejected)

    def read_edge(self, window: Window, most: int, *, newest: bool) -> list[Paper]:
        """So many papers at one end of a window, of those not touched since their announcement."""
        day = self._calendar.day_of(window.start)
        papers = [
            record.paper
            for record in self._api.records(day, day)
            if isinstance(record, Record) and record.paper.published in window
        ]
        papers.sort(key=lambda paper: (paper.published, paper.id), reverse=newest)
        return papers[:most]

    def read_ids(
        self, ids: Sequence[PaperId], store: Store, *, witness: PaperId | None = None
    ) -> IdsRead:
        """Papers by id, of the lists or record by record. Ids with a version cannot be asked for.

        If arXiv has none of them, it is asked for one that it had: the witness, or the newest one.
        """
        held = [self._held.pop(paper.base) for paper in ids if paper.base in self._held]
        if held:
            store(held)
        known = {paper.id for paper in held} | self._outside
        missing = [paper for paper in ids if paper.base in self._outside]
        unknown, unreadable, rejected = list[PaperId](), list[PaperId](), list[Rejected]()
        is_answering = False
        for paper in (paper for paper in ids if paper.base not in known):
            found = self._api.record(paper.base)
            is_answering = is_answering or found is not None
            if found is None:
                unknown.append(paper)
            elif isinstance(found, Rejected):
                unreadable.append(paper)
                rejected.append(found)
            elif self._is_in_scope(found.paper):
                store([found.paper])
            else:
                missing.append(paper)
        if unknown and not is_answering:
            self._check_answers(witness)
        return IdsRead((*missing, *unknown), tuple(unreadable), tuple(rejected))

    def _take(self, found: Iterator[Record | Rejected], store: Store) -> None:
        """Store the papers of the wanted days, and keep at hand what may belong to them."""
        while part := list(islice(found, _STORED_AT_ONCE)):
            self._rejected += [one for one in part if isinstance(one, Rejected)]
            papers = [one.paper for one in part if isinstance(one, Record)]
            self._newest = max([self._newest, *_places(papers)])
            wanted = list(filter(self._is_wanted, papers))
            if wanted:
                store(wanted)
            self._came |= {paper.id: paper.published for paper in wanted}

    def _is_wanted(self, paper: Paper) -> bool:
        if not self._is_in_scope(paper):
            self._outside.add(paper.id)
            return False
        if paper.published in self._whole:
            return True
        if self._may_be_held(paper):
            self._held[paper.id] = paper
        return False

    def _may_be_held(self, paper: Paper) -> bool:
        """Whether it may be one of a wanted day although it was submitted long before."""
        start = self._whole.start
        return (
            start - _LONGEST_HELD <= paper.published < start
            and (sequence_of(paper.id) or 0) > self._first_place
        )

    def _is_in_scope(self, paper: Paper) -> bool:
        return not self._categories or any(
            fnmatchcase(category, pattern)
            for category in paper.categories
            for pattern in self._categories
        )

    def _behind_end(self) -> Iterator[Record | Rejected]:
        """The papers behind the newest one of the lists, which should be none."""
        place, absent, found = self._newest, 0, 0
        while self._newest and absent < _BEHIND_END:
            place += 1
            record = self._api.record(base_of(place))
            if record is None:
                absent += 1
                continue
            absent, found = 0, found + 1
            if found > _MOST_BEHIND_END:
                raise Unavailable("arXiv's lists lack its newest papers")
            yield record

    def _check_answers(self, witness: PaperId | None) -> None:
        """Has arXiv still what it had? Raises Unavailable if not."""
        base = witness.base if witness else base_of(self._newest) if self._newest else None
        if base and self._api.record(base) is None:
            raise Unavailable(f"arXiv answers as if it had nothing, not even {base}")


def _places(papers: Iterable[Paper]) -> Iterator[int]:
    return (place for place in (sequence_of(paper.id) for paper in papers) if place is not None)


def _window(calendar: Calendar, day: date) -> Window:
    window = calendar.window(day)
    if window is None:
        raise ValueError(f"{day} is no announcement day")
    return window
