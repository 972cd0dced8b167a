"""How an announcement day stands, by what the archive knows around it. Pure."""

from __future__ import annotations

from digest.archive import DayRecord
from digest.fetcher.calendar import Calendar
from digest.fetcher.plan import DayCoverage, begins, gaps, is_confirmed
from digest.model import PaperId
from digest.model.reports import DayState


def standing(coverage: DayCoverage, calendar: Calendar, *, scope: str, papers: int) -> DayRecord:
    """The record of a day; `papers` is how many of it the archive has.

    A day is complete when its window was read whole, both its ends are known, and every number
    between them is stored or absent. Old-style ids have no numbers: for them totals must do.
    """
    missing = gaps(coverage, calendar)
    unsettled = [
        paper
        for paper in coverage.earlier
        if not ((asked := coverage.asked.get(str(paper))) and asked.settled)
    ]
    in_sequence = coverage.day in coverage.walk.spans(calendar)
    state = DayState.WAITING
    if _is_whole(coverage, scope) and not missing and not unsettled:
        if not in_sequence:
            state = DayState.COMPLETE if coverage.unnumbered else DayState.WAITING
        elif begins(coverage, calendar):
            disagrees = scope and coverage.listed is not None and coverage.listed.last is None
            is_sure = is_confirmed(coverage, calendar) and not disagrees
            state = DayState.COMPLETE if is_sure else DayState.UNCONFIRMED
    return DayRecord(
        day=coverage.day,
        state=state,
        papers=papers,
        gaps=len(missing) + len(unsettled),
        absent=_absent(coverage, calendar),
        proof=_proof(coverage, scope, in_sequence=in_sequence),
    )


def _is_whole(coverage: DayCoverage, scope: str) -> bool:
    """Whether all came that arXiv has. A narrow scope may have nothing of a day."""
    reading = coverage.readings.get(coverage.day)
    return reading is not None and (reading.whole or (bool(scope) and not reading.total))


def _proof(coverage: DayCoverage, scope: str, *, in_sequence: bool) -> str:
    """What shows that nothing of a day is missing; old-style ids have only arXiv's totals."""
    if coverage.unnumbered and not in_sequence:
        return "totals"
    return "scope" if scope else "sequence"


def _absent(coverage: DayCoverage, calendar: Calendar) -> int:
    """How many ids of the day were asked for and do not exist (in the scope)."""
    settled = {
        paper.sequence
        for paper, asked in ((PaperId.parse(name), asked) for name, asked in coverage.asked.items())
        if asked.settled and paper.version is None
    }
    spans = coverage.walk.spans(calendar).get(coverage.day, ())
    return sum(
        1 for place in settled if place and any(span.after < place <= span.last for span in spans)
    )
