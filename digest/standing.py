"""How a workspace stands, in one word and one line: a pure function of its records and the time.

A day is *due* when it is public and neither complete, quiet nor in a digest written. It is
*looked for* when a run has noted it. Its waiting began when it became public, when the last run
or backfill left nothing open, or when the first run of all began, whichever came last. It may
wait for `patience_hours`; if no run has looked for it, at least for UNSEEN_HOURS.

| state     | when, and none of the rows above it holds                                    |
|-----------|------------------------------------------------------------------------------|
| `failed`  | the last run that came to an end by itself failed                            |
| `stalled` | a due day has waited for longer than it may                                  |
| `waiting` | a day is due, or none was ever looked for                                    |
| `quiet`   | arXiv announced nothing on the last announcement day of its schedule         |
| `fresh`   | otherwise: the newest announcement day is complete or in a digest            |

A run that was stopped or broken off has not come to an end by itself: the next one goes on, and
if none does, its days stall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.archive import DayRecord
from digest.fetcher.calendar import public_at
from digest.model import Outcome, Run
from digest.report import DayState, Standing, WorkspaceState

#: A run a day, Monday to Friday, looks for every day well before that.
UNSEEN_HOURS = 36

#: The commands that leave nothing open when they are done.
_FETCHING = {"run", "backfill"}


@dataclass(frozen=True, slots=True)
class Records:
    """What a standing follows from.

    `runs` are newest first, at most the first of them is running. `waiting` are the days that
    runs looked for and did not finish, `unseen` public days after all that runs looked for; both
    ascend, and lie within what the next run makes. `newest` is the last announcement day of the
    schedule that a run looked at, None if there is none.
    """

    runs: Sequence[Run]
    waiting: Sequence[date]
    unseen: Sequence[date]
    newest: DayRecord | None


def standing(records: Records, now: datetime, patience: timedelta, following: datetime) -> Standing:
    """The state, why, and what happens next; `following` is the next announcement."""
    return (
        _failed(records)
        or _stalled(records, now, patience)
        or _waiting(records)
        or _settled(records.newest, following)
    )


def last_success(runs: Sequence[Run]) -> datetime | None:
    """When the last run or backfill ended that left nothing open."""
    return next(_successes(runs), None)


def _failed(records: Records) -> Standing | None:
    own_end = {Outcome.DONE, Outcome.INCOMPLETE, Outcome.FAILED}
    last = next((run for run in records.runs if run.outcome in own_end), None)
    if last is None or last.outcome != Outcome.FAILED:
        return None
    return Standing(
        WorkspaceState.FAILED,
        f"`digest {last.command}` of {_moment(last.started)}: {last.problem}",
        "mend that; the next run shows whether it helped",
    )


def _stalled(records: Records, now: datetime, patience: timedelta) -> Standing | None:
    unseen_patience = max(patience, timedelta(hours=UNSEEN_HOURS))
    allowed = dict.fromkeys(records.unseen, unseen_patience)
    allowed |= dict.fromkeys(records.waiting, patience)
    for day in sorted(allowed):
        waited = now - _began(day, records.runs, now)
        if waited <= allowed[day]:
            continue
        how_long = f"{day} has waited for {_length(waited)}"
        if day in records.waiting:
            return Standing(
                WorkspaceState.STALLED,
                f"{how_long} and is not complete",
                "every run asks again; `digest log` shows what came in their way",
            )
        return Standing(
            WorkspaceState.STALLED,
            f"{how_long} and no run has looked for it",
            "see that runs are started; `digest run` makes what is missing",
        )
    return None


def _waiting(records: Records) -> Standing | None:
    if records.waiting:
        return Standing(
            WorkspaceState.WAITING,
            f"{_days(records.waiting)} not complete yet",
            "the next run asks again",
        )
    if records.unseen:
        return Standing(
            WorkspaceState.WAITING,
            f"{_days(records.unseen)} not fetched yet",
            "the next run does it",
        )
    return None


def _settled(newest: DayRecord | None, following: datetime) -> Standing:
    if newest is None:
        return Standing(
            WorkspaceState.WAITING, "there was no run yet", "`digest run` makes the latest digest"
        )
    then = f"arXiv announces next on {following:%A} {_moment(following)}"
    if newest.state == DayState.QUIET:
        return Standing(WorkspaceState.QUIET, f"arXiv announced nothing on {newest.day}", then)
    is_complete = newest.state == DayState.COMPLETE
    return Standing(
        WorkspaceState.FRESH,
        f"{newest.day} is {'complete' if is_complete else 'in a digest'}",
        then,
    )


def _began(day: date, runs: Sequence[Run], now: datetime) -> datetime:
    """When the waiting for a due day began."""
    moments = [*_successes(runs), *(run.started for run in runs[-1:])]
    # A record of the future was made before the clock was set back, and says nothing.
    return max([public_at(day), *(moment for moment in moments if moment <= now)])


def _successes(runs: Sequence[Run]) -> Iterator[datetime]:
    return (
        run.ended
        for run in runs
        if run.ended and run.outcome == Outcome.DONE and run.command in _FETCHING
    )


def _days(days: Sequence[date]) -> str:
    return f"{days[0]} is" if len(days) == 1 else f"{len(days)} days from {days[0]} on are"


def _length(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
