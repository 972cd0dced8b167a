"""How runs read on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.model import Run
    from digest.model.reports import RunLog

_HEAD = ("started (UTC)", "command", "took", "requests", "papers", "digests", "ended")

#: The columns that are set to the right.
_NUMBERS = {"took", "requests", "papers", "digests"}


def log_lines(report: RunLog) -> Iterator[str]:
    """One line a run below a head, in columns."""
    if not report.runs:
        yield "No runs yet."
        return
    rows = [_HEAD, *map(_row, report.runs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
            for name, cell, width in zip(_HEAD, row, widths, strict=True)
        ]
        yield "  ".join(cells).rstrip()


def run_line(run: Run) -> str:
    """`2026-11-22 03:41 UTC, run, 12 s: done`."""
    parts = (f"{run.started:%Y-%m-%d %H:%M} UTC", run.command, length(run))
    return f"{', '.join(filter(None, parts))}: {ending(run)}"


def ending(run: Run) -> str:
    """How a run ended, with what failed, in one line."""
    problem = " ".join(run.problem.split())
    return f"{run.outcome}: {problem}" if problem else str(run.outcome)


def length(run: Run) -> str:
    """How long a run took, `4 min 05 s`; empty without an end, or if the clock was set back."""
    if run.ended is None or run.ended < run.started:
        return ""
    minutes, seconds = divmod((run.ended - run.started) // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def _row(run: Run) -> tuple[str, ...]:
    return (
        f"{run.started:%Y-%m-%d %H:%M}",
        run.command,
        length(run),
        f"{run.requests:,}",
        f"{run.papers:,}",
        f"{run.digests:,}",
        ending(run),
    )
