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
from digest.model import Asked, Edge, PaperId, Reading, Span, base_of

#: An id that arXiv does not return is asked for again by later runs; after this time it is absent.
ABSENT_AFTER = timedelta(days=3)

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


Step = ReadWindow | ReadEdge | AskIds


@dataclass(frozen=True, slots=True)
class DayCoverage:
    """What the archive knows around one announcement day.

    `papers` are the places of the sequence whose paper is stored; `edges` are the (day, newest)
    pages read; `asked` tells of ids arXiv did not return; `earlier` are versions of the day's
    papers that are older than those stored and may be the ones the day shows. `unnumbered` counts
    its papers with old-style ids, which stand in no sequence.
    """

    day: date
    walk: Walk
    papers: Set[int]
    readings: Mapping[date, Reading]
    edges: Mapping[tuple[date, bool], Edge]
    asked: Mapping[str, Asked]
    earlier: tuple[PaperId, ...] = ()
    unnumbered: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a planning call is for.

    `wanted` are all days of the run, `latest` the last public one, `began` the start of the run,
    `fresh_since` the moment since which the day must have been read, `everything` whether the
    scope is all of arXiv, `has_versions` whether arXiv is asked where it has earlier versions,
    `batch` how many ids go into one request.
    """

    wanted: Set[date]
    latest: date
    began: datetime
    fresh_since: datetime
    everything: bool
    has_versions: bool
    batch: int


def next_step(coverage: DayCoverage, terms: Terms, calendar: Calendar) -> Step | None:
    """The next thing to ask arXiv for the day, or None when this run can learn no more."""
    day = coverage.day
    if needs_reading(coverage.readings.get(day), terms):
        return ReadWindow(day)
    if not terms.everything and _edge_is_wanted((day, True), coverage, terms):
        return ReadEdge(day, newest=True)
    before = calendar.previous(day)
    if not _came(before, coverage) and _edge_is_wanted((before, True), coverage, terms):
        return ReadEdge(before, newest=True)
    after = calendar.following(day)
    if after <= terms.latest and not _came(after, coverage):
        if after in terms.wanted and needs_reading(coverage.readings.get(after), terms):
            return ReadWindow(after)
        if _edge_is_wanted((after, False), coverage, terms):
            return ReadEdge(after, newest=False)
    unasked = [
        paper
        for paper in _ids_to_ask(coverage, terms, calendar)
        if _may_ask(paper, coverage, terms)
    ]
    return AskIds(tuple(unasked[: terms.batch])) if unasked else None


def needs_reading(reading: Reading | None, terms: Terms) -> bool:
    """Whether a day's window has to be read in this run.

    Once a run, and not again when it was whole and fresh enough.
    """
    if reading is None or reading.read_at < terms.fresh_since:
        return True
    return not reading.whole and reading.read_at < terms.began


def _came(day: date, coverage: DayCoverage) -> bool:
    """Whether papers of a day's window are in the archive: then its edges are known."""
    reading = coverage.readings.get(day)
    return reading is not None and reading.received > 0


def _edge_is_wanted(edge: tuple[date, bool], coverage: DayCoverage, terms: Terms) -> bool:
    """Once; where nothing came, which may have been an outage, once a run."""
    read = coverage.edges.get(edge)
    return read is None or (not read.papers and read.read_at < terms.began)


def gaps(coverage: DayCoverage, calendar: Calendar) -> list[int]:
    """The day's places in the sequence whose paper is neither stored nor known to be absent."""
    return [
        place
        for span in coverage.walk.spans(calendar).get(coverage.day, ())
        for place in _unstored(span, coverage.papers)
        if not _settled(coverage.asked.get(base_of(place)))
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
