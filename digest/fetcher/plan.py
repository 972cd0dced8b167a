"""What to ask arXiv next: a pure function of what the archive holds.

For each announcement day: its submission window; a page at the far edge of its neighbours, so
that the walk sees where the day's ids begin and end; then every number of the day's ids that is
not in the archive, and the earlier versions of papers revised since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.fetcher.calendar import Calendar
from digest.fetcher.walk import Walk
from digest.model import Asked, Edge, Listed, PaperId, Reading, Span, base_of

#: An id that arXiv does not return is asked for again by later runs; after this time it is absent.
ABSENT_AFTER = timedelta(days=3)

#: So long after a day its list of ids is read: later, hundreds of thousands have been revised.
LISTED_FOR = timedelta(days=7)

#: So many ids behind the last known one of a finished month are tried: a held paper with the
#: month's very last id would stand in no day's span.
BEHIND_MONTH_END = 20


@dataclass(frozen=True, slots=True)
class ReadWindow:
    """Read every paper submitted in the window of an announcement day."""

    day: date


@dataclass(frozen=True, slots=True)
class ReadEdge:
    """Read one page at the newest or the oldest end of a day's window, for its ids only."""

    day: date
    newest: bool


@dataclass(frozen=True, slots=True)
class AskIds:
    """Ask for papers by id; versions are given where an earlier one is wanted."""

    ids: tuple[PaperId, ...]


@dataclass(frozen=True, slots=True)
class ReadList:
    """Read OAI-PMH's list of the ids since a day that none follows: it is not of the index."""

    day: date


Step = ReadWindow | ReadEdge | AskIds | ReadList


@dataclass(frozen=True, slots=True)
class DayCoverage:
    """What the archive knows around one announcement day.

    `papers` are the places of the sequence whose paper is stored; `edges` are the (day, newest)
    pages read; `asked` tells of ids arXiv did not return; `earlier` are versions of the day's
    papers that are older than those stored and may be the ones the day shows. `unnumbered` counts
    its papers with old-style ids, which stand in no sequence. `listed` is what OAI-PMH's list of
    the day came to.
    """

    day: date
    walk: Walk
    papers: Set[int]
    readings: Mapping[date, Reading]
    edges: Mapping[tuple[date, bool], Edge]
    asked: Mapping[str, Asked]
    earlier: tuple[PaperId, ...] = ()
    unnumbered: int = 0
    listed: Listed | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a planning call is for.

    `wanted` are all days of the run, `latest` the last public one, `began` the start of the run,
    `fresh_since` the moment since which the day must have been read, `everything` whether the
    scope is all of arXiv, `has_versions` whether arXiv is asked where it has earlier versions,
    `has_list` whether there is a list that is not of the index, `batch` how many ids go into one
    request.
    """

    wanted: Set[date]
    latest: date
    began: datetime
    fresh_since: datetime
    everything: bool
    has_versions: bool
    has_list: bool
    batch: int


def next_step(coverage: DayCoverage, terms: Terms, calendar: Calendar) -> Step | None:
    """The next thing to ask arXiv for the day, or None when this run can learn no more."""
    step = _around(coverage, terms, calendar)
    if step:
        return step
    day = coverage.day
    is_open = bool(coverage.walk.places(day)) and coverage.walk.end(day, calendar) is None
    is_recent = terms.latest - day <= LISTED_FOR
    # Within a scope the sequence does not show what a lost part of the index had.
    may_lack = is_open or (not terms.everything and bool(coverage.walk.places(day)))
    if may_lack and is_recent and _list_is_wanted(coverage, terms, calendar):
        return ReadList(day)
    if is_open and day < terms.latest and not is_confirmed(coverage, calendar):
        # Held papers of later days would pass for its own.
        return None
    unasked = [
        paper
        for paper in _ids_to_ask(coverage, terms, calendar)
        if _may_ask(paper, coverage, terms)
    ]
    return AskIds(tuple(unasked[: terms.batch])) if unasked else None


def _around(coverage: DayCoverage, terms: Terms, calendar: Calendar) -> Step | None:
    """The window of the day and the edges of its neighbours, as far as they are still wanted."""
    day = coverage.day
    before, after = calendar.previous(day), calendar.following(day)
    if needs_reading(coverage.readings.get(day), terms) or (
        day == terms.latest and not is_confirmed(coverage, calendar) and _is_old(coverage, terms)
    ):
        return ReadWindow(day)
    if not terms.everything and _edge_is_wanted((day, True), coverage, terms):
        return ReadEdge(day, newest=True)
    if not _is_covered(before, coverage, terms) and _edge_is_wanted(
        (before, True), coverage, terms
    ):
        return ReadEdge(before, newest=True)
    if after <= terms.latest and not _is_covered(after, coverage, terms):
        if after in terms.wanted and needs_reading(coverage.readings.get(after), terms):
            return ReadWindow(after)
        if _edge_is_wanted((after, False), coverage, terms):
            return ReadEdge(after, newest=False)
    return None


def needs_reading(reading: Reading | None, terms: Terms) -> bool:
    """Whether a day's window has to be read in this run.

    Once a run, and not again when it was whole and fresh enough.
    """
    if reading is None or reading.read_at < terms.fresh_since:
        return True
    return not reading.whole and reading.read_at < terms.began


def begins(coverage: DayCoverage, calendar: Calendar) -> bool:
    """Whether it is known where the day's ids begin: the end of the day before was looked at."""
    before = calendar.previous(coverage.day)
    edge, reading = coverage.edges.get((before, True)), coverage.readings.get(before)
    was_seen = bool(edge and edge.papers) or bool(reading and reading.received)
    return coverage.walk.begins(coverage.day, calendar, before_was_seen=was_seen)


def is_confirmed(coverage: DayCoverage, calendar: Calendar) -> bool:
    """Whether something that is not of the index shows where the day ends.

    It is the following day's ids, or OAI-PMH's list.
    """
    return upper_end(coverage, calendar) is not None


def upper_end(coverage: DayCoverage, calendar: Calendar) -> int | None:
    """The last id that may be one of the day; None if that is not known yet."""
    end = coverage.walk.end(coverage.day, calendar)
    return coverage.listed.last if end is None and coverage.listed else end


def _is_old(coverage: DayCoverage, terms: Terms) -> bool:
    reading = coverage.readings.get(coverage.day)
    return reading is None or reading.read_at < terms.began


def _list_is_wanted(coverage: DayCoverage, terms: Terms, calendar: Calendar) -> bool:
    """Once a run, until it was whole and all that it shows has come."""
    listed = coverage.listed
    if not terms.has_list or (listed and listed.asked_at >= terms.began):
        return False
    return listed is None or listed.last is None or bool(gaps(coverage, calendar))


def _is_covered(day: date, coverage: DayCoverage, terms: Terms) -> bool:
    """Whether a day's own papers show its edges: those of a scope are too few."""
    reading = coverage.readings.get(day)
    return terms.everything and reading is not None and reading.received > 0


def _edge_is_wanted(edge: tuple[date, bool], coverage: DayCoverage, terms: Terms) -> bool:
    """Once; where nothing came, which may have been an outage, once a run."""
    read = coverage.edges.get(edge)
    return read is None or (not read.papers and read.read_at < terms.began)


def gaps(coverage: DayCoverage, calendar: Calendar) -> list[int]:
    """The day's places in the sequence whose paper is neither stored nor known to be absent.

    Also those between its last known one and its end, which may be its own.
    """
    spans = list(coverage.walk.spans(calendar).get(coverage.day, ()))
    end = upper_end(coverage, calendar)
    if spans and end is not None and end > spans[-1].last:
        spans.append(Span(spans[-1].last, end))
    others = coverage.walk.places_of_others(coverage.day)
    return [
        place
        for span in spans
        for place in _unstored(span, coverage.papers)
        if place not in others and not _settled(coverage.asked.get(base_of(place)))
    ]


def _ids_to_ask(coverage: DayCoverage, terms: Terms, calendar: Calendar) -> Iterator[PaperId]:
    for place in gaps(coverage, calendar):
        yield PaperId(base_of(place))
    days = (coverage.day, calendar.previous(coverage.day))
    for end in coverage.walk.month_ends(days, calendar):
        for place in _unstored(Span(end, end + BEHIND_MONTH_END), coverage.papers):
            yield PaperId(base_of(place))
    if terms.has_versions:
        yield from coverage.earlier


def _unstored(span: Span, papers: Set[int]) -> Iterator[int]:
    return (place for place in range(span.after + 1, span.last + 1) if place not in papers)


def _may_ask(paper: PaperId, coverage: DayCoverage, terms: Terms) -> bool:
    asked = coverage.asked.get(str(paper))
    return asked is None or (not asked.settled and asked.last < terms.began)


def _settled(asked: Asked | None) -> bool:
    return asked is not None and asked.settled
