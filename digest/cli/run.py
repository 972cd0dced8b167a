"""`digest run`."""

from __future__ import annotations

from datetime import date

import click

from digest.cli.options import Day, agreed, open_app, source, sure, wait
from digest.cli.outcome import print_outcome
from digest.cli.terminal import as_json


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
    return print_outcome(report, as_json=as_json)
