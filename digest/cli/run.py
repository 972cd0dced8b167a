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
    if not as_json and sys.stdout.isatty():  # a log file needs no titles
        _print_titles(app, report)
    return code


def _print_titles(app: App, report: RunReport) -> None:
    """The titles of what was written, at most a screen of them."""
    from digest.cli.reading import print_titles

    days = [day.day for day in report.days if day.path is not None and day.action != "unchanged"]
    if not days:
        return
    with app.editions() as editions:
        print_titles([editions.written(editions.record_of(day)) for day in days])
