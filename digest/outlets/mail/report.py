"""The report of sending: which digest was sent to whom, to whom it was not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from digest.model.errors import PostError, SendError, SendLater
from digest.model.reports import counted


@dataclass(frozen=True, slots=True)
class Unsent:
    """A receiver who did not get a digest, by name, and why.

    `is_lasting` says that there is something to fix, or that it has failed for days,
    `is_out_of_reach` that another digest would not have got there either.
    """

    receiver: str
    why: str
    is_lasting: bool
    is_out_of_reach: bool


@dataclass(frozen=True, slots=True)
class DaySent:
    """One digest: its papers, who got it now, who got it before, and who did not."""

    day: date
    papers: int
    sent: tuple[str, ...] = ()
    sent_before: tuple[str, ...] = ()
    unsent: tuple[Unsent, ...] = ()


@dataclass(frozen=True, slots=True)
class SendReport:
    """The digests that were to be sent; days ascend. A test has a day and invented papers."""

    days: tuple[DaySent, ...]
    is_test: bool = False

    @property
    def exit_code(self) -> int:
        """0 if all were sent, 3 if it is enough to repeat, 1 if there is something to fix."""
        error = self.failure
        return error.exit_code if error else 0

    @property
    def failure(self) -> PostError | None:
        """Everything that was not sent, as one error."""
        unsent = [(day.day, one) for day in self.days for one in day.unsent]
        if not unsent:
            return None
        problems = "; ".join(f"{day} to {one.receiver}: {one.why}" for day, one in unsent)
        message = f"a {'test' if self.is_test else 'digest'} was not sent: {problems}"
        if any(one.is_lasting for _, one in unsent):
            return SendError(message, hint="fix this, then try `digest send --test`")
        hint = (
            "try again" if self.is_test else "`digest send` and the next run send what is missing"
        )
        return SendLater(message, hint=hint)


@dataclass(frozen=True, slots=True)
class Preview:
    """A message that would be sent: to whom, by "mail" or "chat", and its text."""

    day: date
    receivers: tuple[str, ...]
    way: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class PreviewReport:
    """All that would be sent; days ascend."""

    messages: tuple[Preview, ...]


def lines(report: SendReport) -> Iterator[str]:
    """`2026-03-10 (5 papers) sent to ana, lab`; what was not sent is reported as an error."""
    for day in report.days:
        if day.sent:
            what = "a test" if report.is_test else f"{day.day} ({counted(day.papers, 'paper')})"
            yield f"{what} sent to {', '.join(day.sent)}"
        if day.sent_before:
            yield f"{day.day} was sent before to {', '.join(day.sent_before)}"
