"""Progress of a run: a bar on a terminal, lines with the time elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging import Logger
from typing import TYPE_CHECKING, TextIO

from digest.cli.logs import log_to
from digest.cli.reports import day_line
from digest.cli.terminal import clean
from digest.model.reports import counted

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from digest.model.errors import DigestError
    from digest.model.reports import DayReport, Progress

#: A shorter wait is the ordinary pause between two requests.
_LONG_WAIT = 10.0


@contextmanager
def progress(stream: TextIO | None = None) -> Iterator[Progress]:
    """What a run reports to while it lasts; `stream` is standard error unless given."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield Lines(log_to(stream))
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        BarColumn(bar_width=10),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Bars(*columns, console=Console(file=stream), transient=True) as bars:
        yield Bar(bars)


class Lines:
    """One line with the time for each thing that happened."""

    def __init__(self, log: Logger) -> None:
        self._log = log

    def _say(self, text: str, event: str, **fields: object) -> None:
        self._log.info("%s", text, extra={"fields": {"event": event, **fields}})

    def days(self, total: int) -> None:
        """How many days are due."""
        if total > 1:
            self._say(f"{total} days to do", "days", days=total)

    def requested(self, what: str, papers: int) -> None:
        """A request was answered."""
        self._say(f"{what}: {counted(papers, 'paper')}", "requested", papers=papers)

    def day_done(self, report: DayReport) -> None:
        """A day is finished as far as this run can."""
        day, state = report.day.isoformat(), report.state
        self._say(day_line(report), "day", day=day, state=state, papers=report.kept)

    def waiting(self, seconds: float, why: str) -> None:
        """Nothing will happen for a while."""
        if seconds >= _LONG_WAIT:
            self._say(f"waiting {seconds:.0f} s: {why}", "waiting", seconds=seconds)

    def notice_failed(self, error: DigestError) -> None:
        """A notice could not be sent."""
        self._say(_unsent(error), "notice")


class Bar:
    """A bar of days, with what is going on beside it."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task = bars.add_task("", total=None)
        self._papers = 0
        self._requests = 0

    def days(self, total: int) -> None:
        """How many days are due."""
        self._bars.update(self._task, total=total)

    def requested(self, what: str, papers: int) -> None:
        """A request was answered."""
        self._papers += papers
        self._requests += 1
        self._describe(
            f"{counted(self._papers, 'paper')}, {counted(self._requests, 'request')}; {what}"
        )

    def day_done(self, report: DayReport) -> None:
        """A day is finished as far as this run can."""
        self._bars.advance(self._task)
        self._describe(str(report.day))

    def waiting(self, seconds: float, why: str) -> None:
        """Nothing will happen for a while."""
        self._describe(f"waiting {seconds:.0f} s: {why}")

    def notice_failed(self, error: DigestError) -> None:
        """A notice could not be sent."""
        self._bars.console.print(clean(_unsent(error)), markup=False, highlight=False)

    def _describe(self, text: str) -> None:
        self._bars.update(self._task, description=clean(text).replace("\n", " "))


def _unsent(error: DigestError) -> str:
    return f"{error.message} ({error.hint})" if error.hint else error.message
