"""Fetch: bring announcement days of the archive up to date, and say how they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.archive import Archive, DayRecord
from digest.fetcher.announcements import Announcements
from digest.fetcher.calendar import Calendar, public_at
from digest.fetcher.plan import (
    ABSENT_AFTER,
    AskIds,
    DayCoverage,
    ReadEdge,
    ReadWindow,
    Step,
    Terms,
    gaps,
    next_step,
)
from digest.fetcher.route import Route
from digest.fetcher.routes import Routes
from digest.model import Paper, PaperId, Period, Reading, Source, Window
from digest.model.errors import FetchError, Unavailable
from digest.model.reports import DayState, Progress

#: So many papers at a day's edge outnumber the held papers that begin the next day's ids, and the
#: walk takes these and not those for papers in time.
EDGE_PAPERS = 500

#: A paper that arXiv has but cannot serve may be mended there; so long it is asked for.
UNSERVED_AFTER = timedelta(days=30)

#: arXiv's index shows an announcement within an hour or two; an answer that is empty for longer
#: means something.
INDEX_DELAY = timedelta(hours=3)

#: Where so many held papers stand before one day, the following one is not without any by chance:
#: all of arXiv has more than a hundred a day.
HELD_OF_A_DAY = 20

#: No paper has been seen to be held longer than 119 days; totals are compared so far back.
LOOK_BACK = timedelta(days=120)

_VERSION = re.compile(r"v\d+$")


@dataclass(frozen=True, slots=True)
class Errand:
    """One run's view: its clock, its wanted days, whom to tell."""

    began: datetime
    wanted: frozenset[date]
    progress: Progress


class Update:
    """Asks arXiv what the plan says and stores what comes.

    `scope` is the scope's query, "" for all of arXiv; `page_size` is the most papers of one
    request of the query API.
    """

    def __init__(
        self,
        archive: Archive,
        announcements: Announcements,
        routes: Routes,
        calendar: Calendar,
        *,
        scope: str,
        page_size: int,
        now: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._announcements = announcements
        self._routes = routes
        self._calendar = calendar
        self._scope = scope
        self._page_size = page_size
        self._now = now
        self.received = 0
        self.unserved: list[str] = []

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._routes.requests

    @property
    def route_note(self) -> str:
        """What a person should know of how arXiv was asked; empty if nothing."""
        return self._routes.note

    def bring(self, day: date, by: date, errand: Errand) -> None:
        """Ask for an announcement day until this run can learn no more. Raises FetchError."""
        try:
            self._bring(day, by, errand)
        except Unavailable:
            if not self._routes.give_way():
                raise
            self._bring(day, by, errand)

    def _bring(self, day: date, by: date, errand: Errand) -> None:
        route = self._routes.route([wanted for wanted in errand.wanted if wanted >= day])

        def terms() -> Terms:
            return Terms(
                wanted=errand.wanted,
                latest=self._latest(),
                began=errand.began,
                fresh_since=min(public_at(by), errand.began),
                everything=not self._scope,
                has_versions=route.source is Source.QUERY,
                batch=route.batch,
            )

        for reading in self._open_ends(day, errand):
            with self._routes.watched():
                self._carry_out(reading, day, route, errand)
        done: set[Step] = set()
        while step := next_step(self._announcements.coverage(day, by), terms(), self._calendar):
            if step in done:
                raise Unavailable(f"arXiv's answers lead nowhere for {day}: {type(step).__name__}")
            with self._routes.watched():
                self._carry_out(step, day, route, errand)
            done.add(step)

    def _open_ends(self, day: date, errand: Errand) -> Iterator[Step]:
        """What shows where later days end that were read before the one after them was public.

        A day read now may bring papers that were held until after such a later day; they stand
        behind its ids and would pass for its own.
        """
        read = self._announcements.read()
        ends = {self._calendar.following(later) for later in read if later > day} - read
        edges = self._archive.coverage.edges(day)
        for end in sorted(ends):
            edge = edges.get((end, False))
            asked = edge is not None and (edge.papers or edge.read_at >= errand.began)
            if end <= self._latest() and not asked:
                yield ReadWindow(end) if end in errand.wanted else ReadEdge(end, newest=False)

    def find(self, day: date, by: date) -> DayRecord:
        """How an announcement day stands in the archive."""
        coverage = self._announcements.coverage(day, by)
        missing = gaps(coverage, self._calendar)
        reading = coverage.readings.get(day)
        in_sequence = day in coverage.walk.spans(self._calendar)
        announced = in_sequence or coverage.unnumbered > 0
        # A narrow scope may have nothing on a day on which arXiv announced papers.
        whole = reading is not None and (reading.whole or (bool(self._scope) and not reading.total))
        unsettled = [
            paper
            for paper in coverage.earlier
            if not ((asked := coverage.asked.get(str(paper))) and asked.settled)
        ]
        complete = whole and announced and not missing and not unsettled
        return DayRecord(
            day=day,
            state=DayState.COMPLETE if complete else DayState.WAITING,
            papers=len(self._announcements.ids(Period.of(day))),
            gaps=len(missing) + len(unsettled),
            absent=self._absent(coverage),
            proof=self._proof(coverage, in_sequence=in_sequence),
        )

    def _proof(self, coverage: DayCoverage, *, in_sequence: bool) -> str:
        """What shows that nothing of a day is missing; old-style ids have only arXiv's totals."""
        if coverage.unnumbered and not in_sequence:
            return "totals"
        return "scope" if self._scope else "sequence"

    def put_off(self, day: date) -> bool:
        """Whether arXiv put the day off, though no table of deferred days says so; then learn it.

        Every paper of the day was seen with those of the following one only, and no held papers
        stand between the two. An outage of a day looks the same but for these; that they are not
        there by chance is shown by an empty answer some hours after the day was due or, later, by
        the many that stand before the day itself.
        """
        seen = self._archive.coverage.first_seen(self._window(day))
        following = self._calendar.following(day)
        if seen is None or seen < following:
            return False
        found = self._announcements.coverage(day, day).walk
        if not found.run_on(day, following):
            return False
        empty = self._archive.coverage.found_empty(day)
        was_empty = empty is not None and empty >= public_at(day) + INDEX_DELAY
        if not was_empty and (self._scope or found.held_before(day) < HELD_OF_A_DAY):
            return False
        self._archive.coverage.put_off(day)
        self._calendar.put_off(day)
        return True

    def cost(self, days: Sequence[date]) -> tuple[int, int]:
        """About how many papers and requests these days take; asks arXiv for one total."""
        if not days:
            return 0, 0
        whole = Window(self._window(days[0]).start, self._window(days[-1]).end)
        every = len(self._calendar.days(days[0], days[-1]))
        papers = self._routes.query.count(whole) * len(days) // every
        # A page begun for every day, and one request for its held and revised papers.
        return papers, papers // self._page_size + 2 * len(days)

    def answers(self) -> bool:
        """Whether the query API, if it is the one asked, tells something of the latest day."""
        if self._routes.source is not Source.QUERY:
            return False
        try:
            self._routes.query.count(self._window(self._latest()))
        except FetchError:
            return False
        return True

    def reconcile(self, day: date, errand: Errand) -> None:
        """Outside all of arXiv: compare totals over the look-back, and read the days that grew.

        An id that arXiv's index did not have yet looks like one out of scope; the totals tell.
        Only the query API has any.
        """
        window = self._covered_until(day)
        if not self._scope or window is None or self._routes.source is Source.OAI:
            return
        grown = [window]
        while grown:
            part = grown.pop()
            total = self._routes.query.count(part)
            errand.progress.requested(f"a total of {total:,} since {part.start:%Y-%m-%d}", 0)
            if total > self._archive.papers.count(part):
                if total <= self._page_size or part.end - part.start < timedelta(days=1):
                    self._read_window(part, self._routes.query, errand)
                else:
                    grown += part.split()

    def reword(self, errand: Errand) -> int:
        """Ask the query API for what has the words of OAI-PMH; returns how many versions came.

        Raises FetchError.
        """
        if self._routes.source is Source.OAI:
            return 0
        versions, came = self._archive.papers.by_oai(), 0
        store = self._store(errand, Source.QUERY, "papers by id, for their words")
        query = self._routes.query
        for start in range(0, len(versions), query.batch):
            part = versions[start : start + query.batch]
            with self._routes.watched():
                read = query.read_ids(part, store)
            self._note_asked("", [*read.missing, *read.unreadable], ABSENT_AFTER)
            came += len(part) - len(read.missing) - len(read.unreadable)
        return came

    def ask(self, ids: Sequence[PaperId], day: date, errand: Errand) -> None:
        """Ask the query API for works that an announcement day may lack. Raises FetchError."""
        query = self._routes.query
        for start in range(0, len(ids), query.batch):
            with self._routes.watched():
                self._ask_ids(ids[start : start + query.batch], day, query, errand)

    def _carry_out(self, step: Step, day: date, route: Route, errand: Errand) -> None:
        match step:
            case ReadWindow(of):
                window = self._window(of)
                read = self._read_window(window, route, errand)
                if not self._scope and route.source is Source.QUERY:
                    # arXiv takes nothing back: fewer papers than it gave before is no whole answer.
                    known = self._archive.papers.count(window)
                    read = read._replace(total=max(read.total, known))
                self._archive.coverage.add_reading(self._scope, of, read, route.source)
            case ReadEdge(of, newest):
                papers = route.read_edge(self._window(of), EDGE_PAPERS, newest=newest)
                if not papers and route.source is Source.QUERY:
                    self._check_answers()
                self._archive.coverage.add_edge(
                    of, papers, self._latest(), self._now(), newest=newest
                )
                errand.progress.requested(f"the edge of {of}", len(papers))
            case AskIds(ids):
                self._ask_ids(ids, day, route, errand)

    def _check_answers(self) -> None:
        """After an empty answer: has arXiv still what it had? An outage's answer is empty, too.

        Raises Unavailable if not.
        """
        known = self._archive.coverage.last_found(self._scope)
        if known and not self._routes.query.count(self._window(known)):
            raise Unavailable(f"arXiv answers as if it had nothing, also for {known}")

    def _read_window(self, window: Window, route: Route, errand: Errand) -> Reading:
        what = f"submitted until {window.end:%Y-%m-%d %H:%M}"
        read = route.read_window(window, self._store(errand, route.source, what))
        self.unserved += read.unreadable
        self.unserved += [f"{entry.id}: {entry.reason}" for entry in read.rejected]
        return Reading(read.total, read.received, self._now())

    def _ask_ids(self, ids: Sequence[PaperId], day: date, route: Route, errand: Errand) -> None:
        known = self._announcements.ids(Period.of(day))
        # Within a scope the archive cannot tell which papers arXiv would give as a witness.
        witness = PaperId(known[0]) if known and not self._scope else None
        store = self._store(errand, route.source, "papers by id")
        read = route.read_ids(ids, store, witness=witness)
        if self._scope and route.source is Source.QUERY and len(read.missing) == len(ids):
            self._check_answers()
        reasons = {_VERSION.sub("", entry.id): entry.reason for entry in read.rejected}
        self.unserved += [
            f"{paper}: {reasons.get(paper.base, 'arXiv cannot serve it')}"
            for paper in read.unreadable
        ]
        # Within a scope an id that does not come is one of the many outside it.
        settle_after = timedelta(0) if self._scope else ABSENT_AFTER
        self._note_asked(self._scope, read.missing, settle_after)
        self._note_asked(self._scope, read.unreadable, UNSERVED_AFTER)

    def _note_asked(self, scope: str, ids: Sequence[PaperId], settle_after: timedelta) -> None:
        self._archive.coverage.add_asked(scope, ids, self._now(), settle_after)

    def _store(
        self, errand: Errand, source: Source, what: str
    ) -> Callable[[Sequence[Paper]], None]:
        def store(papers: Sequence[Paper]) -> None:
            self._archive.papers.store(papers, self._latest(), source)
            self.received += len(papers)
            errand.progress.requested(what, len(papers))

        return store

    def _latest(self) -> date:
        """The last public announcement day; the next one may come while a run lasts."""
        return self._calendar.latest(self._now())

    def _window(self, day: date) -> Window:
        window = self._calendar.window(day)
        if window is None:
            raise ValueError(f"{day} is no announcement day")
        return window

    def _absent(self, coverage: DayCoverage) -> int:
        """How many ids of the day were asked for and do not exist (in the scope)."""
        settled = {
            paper.sequence
            for paper, asked in (
                (PaperId.parse(name), asked) for name, asked in coverage.asked.items()
            )
            if asked.settled and paper.version is None
        }
        spans = coverage.walk.spans(self._calendar).get(coverage.day, ())
        return sum(
            1
            for place in settled
            if place and any(span.after < place <= span.last for span in spans)
        )

    def _covered_until(self, day: date) -> Window | None:
        """The submission times of the days read in a row up to this one, the look-back at most."""
        readings = self._archive.coverage.readings(self._scope)
        if day not in readings:
            return None
        first = day
        while (before := self._calendar.previous(first)) in readings:
            if day - before > LOOK_BACK:
                break
            first = before
        return Window(self._window(first).start, self._window(day).end)
