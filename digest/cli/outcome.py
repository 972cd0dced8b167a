"""How a run or a backfill ends on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.cli.terminal import of_work_done, report_error, say, show, show_json

if TYPE_CHECKING:
    from digest.model.reports import RunReport


def print_outcome(report: RunReport, *, as_json: bool) -> int:
    """Print the days, the cost and what failed; returns the exit code."""
    from digest.cli.reports import cost_line, run_lines

    with of_work_done():
        if as_json:
            show_json(report)
        else:
            show("\n".join(run_lines(report)))
    say(cost_line(report))
    if report.failure:
        report_error(report.failure)
    return report.exit_code
