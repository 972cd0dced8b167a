"""How a workspace stands, in one word and one line: a pure function of its records and the time.

A day is *due* when all days of its digest are public and it is neither complete, quiet nor in a
digest written. It is *looked for* when a run has noted it. Its waiting began when it became due,
when the last run or backfill left nothing open, or when the first run of all began, whichever
came last. It may wait for `patience_hours`; if no run has looked for it, at least for
UNSEEN_HOURS.

| state     | when, and none of the rows above it holds                                    |
|-----------|------------------------------------------------------------------------------|
| `failed`  | the last run that came to an end by itself failed                            |
| `stalled` | a due day has waited for longer than it may                                  |
| `waiting` | a day is due, or none was ever looked for                                    |
| `quiet`   | arXiv has announced nothing for a day, or nothing on the last day looked for |
| `fresh`   | otherwise: the newest day that was due is complete or in a digest            |

A run that was stopped or broken off has not come to an end by itself: the next one goes on, and
if none does, its days stall.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.archive import DayRecord
from digest.fetcher.calendar import public_at
from digest.model import Outcome, Run
from digest.model.reports import DayState, Standing, WorkspaceState

#: A run a day, Monday to Friday, looks for every day well before that.
UNSEEN_HOURS = 36

_A_DAY = timedelta(days=1)

#: The commands that leave nothing open when they are done.
_FETCHING = {"run", "backfill"}


@dataclass(frozen=True, slots=True)
class Records:
    """What a standing follows from.

    `runs` are newest first, at most the first of them is running. `waiting` are the days that
    runs looked for and did not finish, `unseen` due days after all that runs looked for, each
    with the moment since which it is due; they lie within what the next run makes. `newest` is the
    last day that a run looked for, None if there is none, `announced` the last announcement day of
    the schedule.
    """

    runs: Sequence[Run]
    waiting: Mapping[date, datetime]
    unseen: Mapping[date, datetime]
    newest: DayRecord | None
    announced: date


def standing(records: Records, now: datetime, patience: timedelta, following: datetime) -> Standing:
    """The state, why, and what happens next; `following` is the next announcement."""
    return (
        _failed(records)
        or _stalled(records, now, patience)
        or _waiting(records)
        or _settled(records, now, following)
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
        "fix this, then run `digest run`",
    )


def _stalled(records: Records, now: datetime, patience: timedelta) -> Standing | None:
    unseen_patience = max(patience, timedelta(hours=UNSEEN_HOURS))
    allowed = dict.fromkeys(records.unseen, unseen_patience)
    allowed |= dict.fromkeys(records.waiting, patience)
    due = {**records.unseen, **records.waiting}
    for day in sorted(due):
        waited = now - _began(due[day], records.runs, now)
        if waited <= allowed[day]:
            continue
        how_long = f"{day} has waited for {_length(waited)}"
        if day in records.waiting:
            return Standing(
                WorkspaceState.STALLED,
                f"{how_long} and is not complete",
                "every run asks again; `digest log` shows why the runs did not finish",
            )
        return Standing(
            WorkspaceState.STALLED,
            f"{how_long} and no run has looked for it",
            "check that runs are started; `digest run` writes what is missing",
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


def _settled(records: Records, now: datetime, following: datetime) -> Standing:
    newest = records.newest
    if newest is None:
        return Standing(
            WorkspaceState.WAITING, "no runs yet", "`digest run` writes the latest digest"
        )
    then = f"arXiv announces next on {following:%A} {_moment(following)}"
    if newest.state == DayState.QUIET:
        return Standing(WorkspaceState.QUIET, f"arXiv announced nothing on {newest.day}", then)
    if now - public_at(records.announced) >= _A_DAY:
        why = f"arXiv has announced nothing since {records.announced}"
        return Standing(WorkspaceState.QUIET, why, then)
    how = "complete" if newest.state == DayState.COMPLETE else "in a digest"
    return Standing(WorkspaceState.FRESH, f"{newest.day} is {how}", then)


def _began(due: datetime, runs: Sequence[Run], now: datetime) -> datetime:
    """When the waiting for a day began that is due since a moment."""
    moments = [*_successes(runs), *(run.started for run in runs[-1:])]
    # A record of the future was made before the clock was set back, and says nothing.
    return max([due, *(moment for moment in moments if moment <= now)])


def _successes(runs: Sequence[Run]) -> Iterator[datetime]:
    return (
        run.ended
        for run in runs
        if run.ended and run.outcome == Outcome.DONE and run.command in _FETCHING
    )


def _days(days: Collection[date]) -> str:
    first = min(days)
    return f"{first} is" if len(days) == 1 else f"{len(days)} days from {first} on are"


def _length(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
