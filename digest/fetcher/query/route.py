"""Carrying out a step of the plan by the query API: pages of a window, or many ids, as papers.

A window is read upwards by submission time. Each page starts anew at the minute of the last paper
seen and not at an offset: arXiv orders papers of the same second at random, so offsets lose some,
and it serves no offset beyond 10,000. arXiv's totals are added up at every page; one that moves
means that papers came or went while reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from digest.fetcher.document import Rejected
from digest.fetcher.query.api import QueryApi, Question
from digest.fetcher.query.atom import Page
from digest.fetcher.query.queries import MOST_TERMS, window_query
from digest.fetcher.query.slices import SliceReader
from digest.fetcher.route import IdsRead, Store, WindowRead
from digest.model import Paper, PaperId, Source, Window
from digest.model.errors import Unavailable

#: A total that moves this often while a window is read, and the window is left to the next run.
_MOST_RESTARTS = 3

#: Well-formed, so arXiv answers it, with nothing (recorded in 2026): what is asked for behind the
#: end of a list of ids.
_NO_PAPER = PaperId("0000.0000")


class Harvester:
    """Reads windows, edges and ids of one scope (a query part, empty for all of arXiv).

    It is the route by the query API. `page_size` and `batch` are the most papers and the most ids
    of one request.
    """

    def __init__(self, api: QueryApi, *, scope: str, page_size: int, batch: int) -> None:
        self.source = Source.QUERY
        self.batch = batch
        self._api = api
        self._scope = scope
        self._page_size = page_size
        self._pages = SliceReader(api, page_size=page_size)
        self._ids = SliceReader(api, page_size=batch)

    def read_window(self, window: Window, store: Store) -> WindowRead:
        """Read every paper of a window. Raises FetchError; what came until then is stored."""
        for _ in range(_MOST_RESTARTS):
            reading = _WindowReading(window, self._scope)
            if self._read_once(reading, store):
                break
        return reading.result()

    def count(self, window: Window) -> int:
        """How many papers of the scope arXiv has in a window (with those of its end's second)."""
        query = window_query(window, self._scope)
        return self._count(Question(query))

    def count_ids(self, scope: str, ids: Sequence[str]) -> int:
        """How many of some works arXiv has in a scope ("" for any)."""
        parts = [tuple(ids[at : at + MOST_TERMS]) for at in range(0, len(ids), MOST_TERMS)]
        return sum(self._count(Question(scope, part)) for part in parts)

    def read_edge(self, window: Window, most: int, *, newest: bool) -> list[Paper]:
        """So many papers of all of arXiv at the newest or the oldest end of a window.

        Raises FetchError. What arXiv cannot serve is passed over: the ids are all that counts.
        """
        query = window_query(window, "")
        papers: list[Paper] = []
        start, total = 0, 1
        while start < min(most, total):
            found = self._pages.read(
                lambda start, size: Question(query, (), start, size, newest_first=newest),
                start,
                most - start,
            )
            if found is None:
                start, total = start + 1, max(total, start + 2)
                continue
            page, size = found
            papers += page.papers
            start, total = start + size, page.total
        return papers

    def read_ids(
        self, ids: Sequence[PaperId], store: Store, *, witness: PaperId | None = None
    ) -> IdsRead:
        """Ask for papers by id, in the scope where it has one. Raises FetchError.

        `witness` is a paper that arXiv gave before; asked for along with the others, it tells an
        answer without papers from one of an arXiv that has lost its index.
        """
        missing: list[PaperId] = []
        unreadable: list[PaperId] = []
        rejected: list[Rejected] = []
        versioned = [paper for paper in ids if paper.version is not None]
        current = [paper for paper in ids if paper.version is None]
        # Earlier versions are not searched, so a scope's query would hide them.
        parts = [(self._scope, current), ("", versioned)] if self._scope else [("", list(ids))]
        for scope, wanted in parts:
            done = 0
            while done < len(wanted):
                part = _ids_part(scope, wanted, witness)
                found = self._ids.read(part, done, len(wanted) - done)
                if found is None:
                    unreadable.append(wanted[done])
                    done += 1
                    continue
                page, size = found
                if witness and witness.base not in {paper.id for paper in page.papers}:
                    raise Unavailable(f"arXiv answers as if it did not have {witness}")
                if len({(paper.id, paper.version) for paper in page.papers}) < len(page.papers):
                    raise Unavailable("arXiv's answer has a paper twice, perhaps for another one")
                asked = wanted[done : done + size]
                bases = {paper.base for paper in asked}
                store([paper for paper in page.papers if paper.id in bases])
                rejected += page.rejected
                unusable = {entry.id.rpartition("v")[0] for entry in page.rejected}
                for paper in _not_in(page, asked):
                    (unreadable if paper.base in unusable else missing).append(paper)
                done += len(asked)
        return IdsRead(tuple(missing), tuple(unreadable), tuple(rejected))

    def _count(self, question: Question) -> int:
        return self._api.ask(lambda _, __: question).total

    def _read_once(self, reading: _WindowReading, store: Store) -> bool:
        """Page through a window; False if arXiv's total moved meanwhile."""
        while not reading.finished:
            found = self._pages.read(reading.part, reading.start, self._page_size)
            if found is None:
                reading.skip()
                continue
            page, size = found
            store(page.papers)
            if not reading.take(page, size):
                return False
        return reading.adds_up


class _WindowReading:
    """Where a window's reading stands: the next page's lower bound and offset, and the count."""

    def __init__(self, window: Window, scope: str) -> None:
        self._window = window
        self._scope = scope
        self._from = window.start
        self.start = 0
        self.finished = False
        self._total: int | None = None
        self._seen: dict[str, datetime] = {}
        self._unreadable: list[datetime] = []
        # When a lost paper was submitted is not known, but that it was by the next one that came.
        self._lost_by = window.start
        self._is_lost_by_known = True
        self._lost_before = 0
        self._rejected: dict[str, Rejected] = {}

    def part(self, start: int, size: int) -> Question:
        """The request for a part of what is left of the window."""
        rest = Window(self._from, self._window.end)
        return Question(window_query(rest, self._scope), (), start, size)

    def take(self, page: Page, size: int) -> bool:
        """Count a page and set the next bound; False if arXiv's total moved since the first."""
        total = page.total + self._before()
        if self._total is None:
            self._total = total
        if total != self._total:
            return False
        if page.papers and not self._is_lost_by_known:
            self._lost_by = min(paper.published for paper in page.papers)
            self._is_lost_by_known = True
        if page.rejected:
            self._is_lost_by_known = False
        self._rejected |= {entry.id: entry for entry in page.rejected}
        self._seen |= {paper.id: paper.published for paper in page.papers}
        self._advance(page, size)
        return True

    def skip(self) -> None:
        """Step over the one paper that arXiv cannot serve."""
        self._unreadable.append(max(self._seen.values(), default=self._from))
        self._is_lost_by_known = False
        self.start += 1
        if self._total is not None and self._done() >= self._total:
            self.finished = True

    @property
    def adds_up(self) -> bool:
        """Whether everything that arXiv said it has came, or is known to be lost."""
        return self._total is not None and self._done() >= self._total

    def result(self) -> WindowRead:
        """What the reading came to."""
        return WindowRead(
            self._total or 0,
            len(self._seen),
            tuple(
                f"a paper submitted after {moment:%Y-%m-%d %H:%M}" for moment in self._unreadable
            ),
            tuple(self._rejected.values()),
        )

    def _advance(self, page: Page, size: int) -> None:
        end = self.start + size >= page.total
        last = max((paper.published for paper in page.papers), default=self._from)
        minute = last.replace(second=0)
        if end or self._done() >= (self._total or 0):
            self.finished = True
        elif self._is_lost_by_known and max(self._from, self._lost_by) < minute < self._window.end:
            self._from, self.start = minute, 0
            self._lost_before = self._lost()
        else:
            self.start += size

    def _before(self) -> int:
        """The papers that lie before the next page's lower bound."""
        seen = sum(1 for published in self._seen.values() if published < self._from)
        return seen + self._lost_before

    def _done(self) -> int:
        return len(self._seen) + self._lost()

    def _lost(self) -> int:
        return len(self._unreadable) + len(self._rejected)


def _ids_part(
    scope: str, wanted: Sequence[PaperId], witness: PaperId | None
) -> Callable[[int, int], Question]:
    def part(start: int, size: int) -> Question:
        asked = [*wanted[start : start + size], *filter(None, [witness])] or [_NO_PAPER]
        return Question(scope, tuple(map(str, asked)), 0, len(asked))

    return part


def _not_in(page: Page, asked: Sequence[PaperId]) -> list[PaperId]:
    came = {paper.id for paper in page.papers}
    came_versions = {f"{paper.id}v{paper.version}" for paper in page.papers}
    return [
        paper
        for paper in asked
        if (paper.base not in came if paper.version is None else str(paper) not in came_versions)
    ]
