"""`digest run`."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from digest.cli.options import Day, agreed, open_app, source, sure, wait
from digest.cli.outcome import print_outcome
from digest.cli.terminal import as_json

if TYPE_CHECKING:
    from digest.app import App
    from digest.model.reports import RunReport


@click.command()
@click.option("--date", "day", type=Day(), help="The last day to write. Default: today (UTC).")
@click.option(
    "--since",
    type=Day(),
    help="Write one digest for --date with all papers announced after this day.",
)
@source
@sure
@wait
@as_json
@click.pass_context
def run(
    context: click.Context,
    day: date | None,
    since: date | None,
    source: str | None,
    sure: bool,
    wait: int,
    as_json: bool,
) -> int:
    """Fetch what is new on arXiv and write the digests that are due."""
    from digest.cli.progress import progress
    from digest.model import Source
    from digest.model.reports import Wait

    app = open_app(context)
    with progress() as shown:
        report = app.run(
            day,
            since,
            shown,
            Wait(wait, shown.waiting),
            Source(source) if source else None,
            agreed(sure=sure, as_json=as_json),
        )
    code = print_outcome(report, as_json=as_json)
    if not as_json and sys.stdout.isatty():
        _show_titles(app, report)
    return code


def _show_titles(app: App, report: RunReport) -> None:
    """The titles of the newest digest that was written: at a terminal, at most half a screen."""
    import shutil

    from digest.cli.show import title_lines

    written = [day.day for day in report.days if day.action in ("written", "rewritten")]
    if not written:
        return
    with app.editions() as editions:
        for edition in editions.between(written[-1], written[-1]):
            rows = shutil.get_terminal_size().lines // 2
            click.echo("\n".join(title_lines(edition, rows)))
