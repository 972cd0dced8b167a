"""What the program reports: the state of days, the outcome of a run, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from digest.model import Run
from digest.model.errors import DigestError, UsageError


class DayState(StrEnum):
    """How a day stands."""

    COMPLETE = "complete"
    """Every id of the day is accounted for."""
    WAITING = "waiting"
    """Something is missing; nothing is written yet, the next run asks again."""
    PARTIAL = "partial"
    """Something is missing, and the digest was written with what there is."""
    UNCONFIRMED = "unconfirmed"
    """All that arXiv's index has is there, and the digest was written; what shows that the index
    has all of the day has not come yet."""
    QUIET = "quiet"
    """arXiv announced nothing."""
    IMPORTED = "imported"
    """The digest was made elsewhere; its file stays as it is."""


#: Of these days the next run asks again.
UNFINISHED = frozenset({DayState.WAITING, DayState.PARTIAL, DayState.UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class DayReport:
    """One digest day of a run.

    `papers` are all that the archive has of its announcement days, `kept` those in the digest;
    `action` is "written", "rewritten", "unchanged" or "none"; `joined` are ids that came to a
    digest written before, `left` those that went, as to the digest of another day; `note` says in
    words what a person should know.
    """

    day: date
    state: DayState
    papers: int = 0
    kept: int = 0
    path: Path | None = None
    action: str = "none"
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
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
        return 3 if any(day.state in UNFINISHED for day in self.days) else 0

    def and_then(self, problem: DigestError | None, notes: Iterable[str] = ()) -> RunReport:
        """The run with what came after its digests, which are stored whatever went wrong then.

        What stopped the run itself stays its failure.
        """
        more = (problem.message,) if problem and self.failure else ()
        failure = self.failure or problem
        return replace(self, notes=(*self.notes, *notes, *more), failure=failure)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The announcement days from `first` to `last` against arXiv's list of ids.

    Of `listed` ids in arXiv's list the archive lacked those `repaired`, which came since, and those
    `lacking`, which did not; `deleted` are in the archive and no longer on arXiv. `unread` are days
    within that were never fetched. `digests` were rewritten.
    """

    first: date
    last: date
    listed: int = 0
    repaired: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unread: tuple[date, ...] = ()
    digests: tuple[DayReport, ...] = ()
    requests: int = 0
    failure: DigestError | None = None
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 nothing is missing any more, 3 something is, else that of what went wrong."""
        if self.failure is not None:
            return self.failure.exit_code
        return 3 if self.lacking or self.unread else 0


@dataclass(frozen=True, slots=True)
class SummaryPlan:
    """Summaries that are not there yet, and about how many tokens they take.

    `days` are the digest days that they belong to; `example` is the whole question for one paper.
    """

    summaries: int
    tokens: int
    days: tuple[date, ...]
    example: str


@dataclass(frozen=True, slots=True)
class SummaryReport:
    """What came of asking a language model for summaries.

    `left` are those not there yet, `days` the digest days that have new ones. `problem` says what
    stopped or failed, empty if nothing did; `hint` what to do about it.
    """

    written: int
    left: int
    tokens: int
    requests: int
    days: tuple[date, ...]
    problem: str = ""
    hint: str = ""
    is_budget_spent: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """The report in words, a line each; none if there was nothing to ask."""
        if not (self.written or self.left):
            return ()
        written = counted(self.written, "summary", "summaries")
        lines = [f"{written} written, {self.left:,} not yet; {self.tokens:,} tokens"]
        if self.is_budget_spent:
            lines.append("the budget of the day is spent; see [llm] max_papers_per_day")
        if self.problem:
            lines.append(f"summaries: {self.problem}" + f"; {self.hint}" * bool(self.hint))
        return tuple(lines)


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
    `gaps` are ids not received yet, `absent` ids that arXiv does not have in the scope.
    """

    day: date
    state: DayState
    papers: int
    gaps: int
    absent: int
    proof: str
    written: bool
    note: str = ""


class WorkspaceState(StrEnum):
    """How a workspace stands; `digest.runs.standing` says when it is which."""

    FRESH = "fresh"
    WAITING = "waiting"
    QUIET = "quiet"
    STALLED = "stalled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a workspace, why it is so, and what happens next or what to do."""

    state: WorkspaceState
    why: str
    then: str

    @property
    def is_healthy(self) -> bool:
        """Whether no person is needed."""
        return self.state not in {WorkspaceState.STALLED, WorkspaceState.FAILED}

    def __str__(self) -> str:
        return f"{self.state}: {self.why}; {self.then}"


@dataclass(frozen=True, slots=True)
class Status:
    """A workspace at a glance; days ascend, and are the last ones.

    `days_by_state` counts all of them. `last_success` is the end of the last run that left nothing
    open. `imported` papers come from digests made elsewhere; arXiv has given `completed` of them
    since. `imported_days` are those of imported digests whose files are in the output folder.
    """

    standing: Standing
    scope: str
    days: tuple[DayStatus, ...]
    days_by_state: dict[str, int]
    papers: int
    last_run: Run | None
    last_success: datetime | None
    next_announcement: datetime
    imported: int = 0
    completed: int = 0
    imported_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class RunLog:
    """The runs of a workspace, newest first."""

    runs: tuple[Run, ...]


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


@dataclass(frozen=True, slots=True)
class KnownPaper:
    """A paper that an import leaves out: where it is already, and in the digest of which day.

    `where` is "imported" for a digest that was imported, "written" for one that a run wrote.
    """

    id: str
    where: str
    day: date


@dataclass(frozen=True, slots=True)
class FileImport:
    """What an import takes from a file: ids of papers, without version, in the file's order.

    `problem` says why a file is refused, and is empty if it is not; `line` is 1-based, None where
    no line can be named.
    """

    path: Path
    day: date | None = None
    taken: tuple[str, ...] = ()
    known: tuple[KnownPaper, ...] = ()
    problem: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The files of an import, in the order in which they were given; `done` is False if dry."""

    files: tuple[FileImport, ...]
    done: bool

    @property
    def exit_code(self) -> int:
        """0 if every file could be read, else 1."""
        return int(any(file.problem for file in self.files))


@dataclass(frozen=True, slots=True)
class SiteReport:
    """The site as it is now: its folder, the digests and papers in it, and its files.

    `written` of the files are new or differ, `removed` are gone.
    """

    path: Path
    digests: int
    papers: int
    files: int
    written: int
    removed: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How many seconds a command waits while another one works on the workspace.

    `report` is called once when it waits, with how long at most and for whom.
    """

    seconds: float = 0.0
    report: Callable[[float, str], None] = lambda _seconds, _why: None


NO_WAIT = Wait()

#: Told what a command is about to do to papers or ask of arXiv; raises what ends it if it may not.
Agree = Callable[[str], None]


def unattended(effect: str) -> None:
    """Where nobody can be asked, nothing of the kind is done. Raises UsageError."""
    raise UsageError(effect, hint="nothing was changed; the same command with --yes does it")


class Progress(Protocol):
    """Receives what a run is doing. Implementations print, or do nothing."""

    def days(self, total: int) -> None:
        """So many digest days are to be made."""

    def requested(self, what: str, papers: int) -> None:
        """A request was answered with so many papers."""

    def waiting(self, seconds: float, why: str) -> None:
        """The run pauses before it asks arXiv again."""

    def day_done(self, report: DayReport) -> None:
        """A digest day is settled as far as it can be."""

    def notice_failed(self, error: DigestError) -> None:
        """A notice to the operator was not sent; the next run tries again."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 paper`, `1,493 papers`; a `plural` that takes more than an s is named."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
