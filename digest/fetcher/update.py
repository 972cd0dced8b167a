"""Fetch: bring announcement days of the archive up to date, and say how they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from digest.archive import Archive, DayRecord
from digest.fetcher.announcements import Announcements
from digest.fetcher.calendar import Calendar, public_at
from digest.fetcher.errand import Errand
from digest.fetcher.oai.api import OaiApi
from digest.fetcher.oai.records import Header
from digest.fetcher.plan import (
    ABSENT_AFTER,
    AskIds,
    ReadEdge,
    ReadList,
    ReadWindow,
    Step,
    Terms,
    next_step,
)
from digest.fetcher.proof import standing
from digest.fetcher.route import Route
from digest.fetcher.routes import Routes
from digest.fetcher.totals import Totals
from digest.fetcher.witness import in_scope, last_listed, sample
from digest.model import Paper, PaperId, Period, Reading, Source, Window
from digest.model.errors import FetchError, Unavailable

#: So many papers at a day's edge outnumber the held papers that begin the next day's ids, and the
#: walk takes these and not those for papers in time.
EDGE_PAPERS = 500

#: arXiv's index shows an announcement within an hour or two; an answer that is empty for longer
#: means something.
INDEX_DELAY = timedelta(hours=3)

#: Where so many held papers stand before one day, the following one is not without any by chance:
#: all of arXiv has more than a hundred a day.
HELD_OF_A_DAY = 20

#: Before this day ids have no common sequence, and nothing but arXiv's totals proves a day.
_FIRST_NUMBERED = datetime(2007, 4, 1, tzinfo=UTC)

_VERSION = re.compile(r"v\d+$")


class Update:
    """Asks arXiv what the plan says and stores what comes.

    `scope` is the scope's query, "" for all of arXiv, and `categories` are what it is made of if it
    is a list of categories; `lists` has lists of ids that are not of arXiv's index, None where
    there are none; `page_size` is the most papers of one request of the query API.
    """

    def __init__(
        self,
        archive: Archive,
        announcements: Announcements,
        routes: Routes,
        calendar: Calendar,
        lists: OaiApi | None,
        *,
        scope: str,
        categories: tuple[str, ...],
        page_size: int,
        now: Callable[[], datetime],
    ) -> None:
        self._lists = lists
        self._categories = categories
        self._totals = Totals(archive, calendar, scope, routes.query.count)
        self._expected: set[str] = set()
        self._in_scope: PaperId | None = None
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
                has_list=self._lists is not None,
                batch=route.batch,
            )

        self._ask_anew(day, errand)
        for reading in self._open_ends(day, errand):
            with self._routes.watched():
                self._carry_out(reading, day, route, errand)
        done: set[Step] = set()
        while step := next_step(self._announcements.coverage(day, by), terms(), self._calendar):
            if step in done:
                raise Unavailable(f"arXiv repeats the same answer for {day}; giving up")
            with self._routes.watched():
                self._carry_out(step, day, route, errand)
            done.add(step)

    def _ask_anew(self, day: date, errand: Errand) -> None:
        """Within a scope: what did not come while nothing confirmed the index may be in scope."""
        listed = self._archive.coverage.listed(day) if self._scope else None
        if listed is None or listed.last is not None or listed.asked_at >= errand.began:
            return
        coverage = self._announcements.coverage(day, day)
        for span in coverage.walk.spans(self._calendar).get(day, ()):
            self._archive.coverage.forget_asked(self._scope, span)

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
        papers = self._announcements.ids(Period.of(day))
        return standing(
            self._announcements.coverage(day, by),
            self._calendar,
            scope=self._scope,
            papers=len(papers),
        )

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
        """Within a scope: read the days again whose total is another one now.

        Only the query API has totals. Raises FetchError.
        """
        if not self._scope or self._routes.source is Source.OAI:
            return
        with self._routes.watched():
            for differing in self._totals.differing(day, min(errand.wanted, default=day)):
                self._carry_out(ReadWindow(differing), differing, self._routes.query, errand)

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
                self._read_window(of, route, errand)
            case ReadEdge(of, newest):
                self._read_edge(of, route, errand, newest=newest)
            case ReadList(of):
                self._read_list(of, errand)
            case AskIds(ids):
                self._ask_ids(ids, day, route, errand)

    def _read_window(self, of: date, route: Route, errand: Errand) -> None:
        window = self._window(of)
        what = f"submitted until {window.end:%Y-%m-%d %H:%M}"
        keep = self._store(errand, route.source, what)

        def store(papers: Sequence[Paper]) -> None:
            keep(papers)
            if papers:
                self._in_scope = PaperId(papers[-1].id)

        read = route.read_window(window, store)
        if not read.total:  # an outage's answer is empty, too
            read = route.read_window(window, store)
        total = read.total
        if route.source is Source.QUERY:
            if not self._scope:
                # arXiv takes nothing back: fewer papers than it gave before is no whole answer.
                total = max(total, self._archive.papers.count(window))
            if window.end < _FIRST_NUMBERED:
                total = max(total, self._routes.query.count(window))
        self.unserved += read.unreadable
        self.unserved += [f"{entry.id}: {entry.reason}" for entry in read.rejected]
        reading = Reading(total, read.received, self._now())
        self._archive.coverage.add_reading(self._scope, of, reading, route.source)

    def _read_edge(self, of: date, route: Route, errand: Errand, *, newest: bool) -> None:
        window = self._window(of)
        papers = route.read_edge(window, EDGE_PAPERS, newest=newest)
        if not papers:
            papers = route.read_edge(window, EDGE_PAPERS, newest=newest)
        if not papers and route.source is Source.QUERY:
            self._check_answers()
        self._archive.coverage.add_edge(of, papers, self._latest(), self._now(), newest=newest)
        errand.progress.requested(f"the edge of {of}", len(papers))

    def _check_answers(self) -> None:
        """After empty answers: has arXiv still what it had? An outage's answer is empty, too.

        Raises Unavailable if not.
        """
        known = self._archive.coverage.last_found(self._scope)
        if known and not self._routes.query.count(self._window(known)):
            raise Unavailable(f"arXiv answers as if it had nothing, also for {known}")

    def _read_list(self, of: date, errand: Errand) -> None:
        """Read the list of the newest day's ids, which does not come from arXiv's index.

        Where it fails the day is not confirmed, and that is all.
        """
        assert self._lists is not None  # noqa: S101  the plan knows
        try:
            found = self._lists.identifiers(of, self._now().date())
            headers = [header for header in found if isinstance(header, Header)]
        except FetchError:
            headers = []
        coverage = self._announcements.coverage(of, of)
        after = min(span.after for span in coverage.walk.spans(self._calendar)[of])
        last = last_listed(headers, after, coverage.walk.places(of))
        if last is not None and self._scope:
            if self._categories:
                self._expected = in_scope(headers, after, self._categories, coverage.papers)
            elif not self._has_all(sample(headers, after)):
                last = None
        self._archive.coverage.add_listed(of, last, self._now())
        errand.progress.requested(f"the list of ids of {of}", 0)

    def _has_all(self, ids: Sequence[str]) -> bool:
        """Whether arXiv's index has all of these works."""
        return self._routes.query.count_ids("", ids) >= len(ids)

    def _ask_ids(self, ids: Sequence[PaperId], day: date, route: Route, errand: Errand) -> None:
        keep = self._store(errand, route.source, "papers by id")
        numbered = [paper for paper in ids if paper.version is None]
        asked = {paper.base for paper in numbered}
        came: list[Paper] = []

        def store(papers: Sequence[Paper]) -> None:
            keep(papers)
            came.extend(paper for paper in papers if paper.id in asked)

        read = route.read_ids(ids, store, witness=self._witness(day))
        if self._scope and route.source is Source.QUERY and numbered:
            self._check_sweep(numbered, came, day)
            self._totals.add(came)
        reasons = {_VERSION.sub("", entry.id): entry.reason for entry in read.rejected}
        self.unserved += [
            f"{paper}: {reasons.get(paper.base, 'arXiv cannot serve it')}"
            for paper in read.unreadable
        ]
        # Within a scope an id that does not come is one of the many outside it.
        outside = [
            paper
            for paper in read.missing
            if self._scope and paper.version is None and paper.base not in self._expected
        ]
        self._note_asked(self._scope, outside, timedelta(0))
        # What arXiv's own list of ids has is never absent, however long the index is without it.
        listed = [paper for paper in read.missing if paper.base in self._expected]
        missing = [paper for paper in read.missing if paper not in {*outside, *listed}]
        self._note_asked(self._scope, missing, ABSENT_AFTER)
        self._note_asked(self._scope, [*read.unreadable, *listed], timedelta.max)

    def _witness(self, day: date) -> PaperId | None:
        """A paper that arXiv gives in the scope, to be asked for along with others."""
        if self._scope:
            return self._in_scope
        known = self._announcements.ids(Period.of(day))
        return PaperId(known[0]) if known else None

    def _check_sweep(self, ids: Sequence[PaperId], came: Sequence[Paper], day: date) -> None:
        """Within a scope: is what did not come really outside? Raises Unavailable if not.

        Over a look-back of days the totals tell; before there is one, the same is asked twice.
        """
        if self._in_scope is None and not came:
            self._check_answers()
        if self._totals.is_known_before(day):
            return
        total = self._routes.query.count_ids(self._scope, [paper.base for paper in ids])
        if total != len({paper.id for paper in came}):
            raise Unavailable("arXiv gives other papers by id than it says it has")

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
