"""What the program tells: the state of days, the outcome of a run, progress while it works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from digest.errors import DigestError


class DayState(StrEnum):
    """How a day stands."""

    COMPLETE = "complete"
    """Every id of the day is accounted for."""
    WAITING = "waiting"
    """Something is missing; nothing is written yet, the next run asks again."""
    PARTIAL = "partial"
    """Something is missing, and the digest was written with what there is."""
    QUIET = "quiet"
    """arXiv announced nothing."""


@dataclass(frozen=True, slots=True)
class DayReport:
    """One digest day of a run.

    `papers` are all that the archive has of its announcement days, `kept` those in the digest;
    `action` is "written", "rewritten", "unchanged" or "none"; `joined` are ids that came to a
    digest written before; `note` says in words what a person should know.
    """

    day: date
    state: DayState
    papers: int = 0
    kept: int = 0
    path: Path | None = None
    action: str = "none"
    joined: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class RunReport:
    """The outcome of a run: its days, its cost, and what stopped it early, if anything did."""

    days: tuple[DayReport, ...]
    requests: int = 0
    received: int = 0
    failure: DigestError | None = None
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 done, 3 some days are not complete yet, else that of what went wrong."""
        if self.failure is not None:
            return self.failure.exit_code
        unfinished = {DayState.WAITING, DayState.PARTIAL}
        return 3 if any(day.state in unfinished for day in self.days) else 0


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What a backfill would make: its digest days, and what they would cost.

    `announcements` are the days to fetch, `papers` and `requests` estimates from arXiv's own total.
    """

    days: tuple[date, ...]
    announcements: int
    papers: int
    requests: int


@dataclass(frozen=True, slots=True)
class DayStatus:
    """One announcement day as the archive has it.

    `proof` is what shows that nothing is missing: "sequence" (every id of arXiv's sequence is
    accounted for), "scope" (the same, with ids outside the scope), or "totals" (old-style ids).
    `gaps` are ids not received yet, `absent` ids that arXiv does not have.
    """

    day: date
    state: DayState
    papers: int
    gaps: int
    absent: int
    proof: str
    written: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """The archive at a glance; days ascend."""

    scope: str
    days: tuple[DayStatus, ...]
    papers: int
    last_run: datetime | None
    last_outcome: str
    next_announcement: datetime


@dataclass(frozen=True, slots=True)
class FileCheck:
    """Whether a file is exactly a digest in the format; `problem` is empty if it is."""

    path: Path
    papers: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The files checked, in the order in which they were given."""

    files: tuple[FileCheck, ...]

    @property
    def exit_code(self) -> int:
        """0 if every file is exactly in the format, else 1."""
        return int(any(file.problem for file in self.files))


class Progress(Protocol):
    """Told what a run is doing. Implementations print, or keep silent."""

    def days(self, total: int) -> None:
        """So many digest days are to be made."""

    def requested(self, what: str, papers: int) -> None:
        """A request was answered with so many papers."""

    def waiting(self, seconds: float, why: str) -> None:
        """The run pauses before it asks arXiv again."""

    def day_done(self, report: DayReport) -> None:
        """A digest day is settled as far as it can be."""

    def say(self, text: str) -> None:
        """Something else a person wants to know."""
