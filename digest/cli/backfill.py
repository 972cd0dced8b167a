"""`digest backfill`."""

from __future__ import annotations

from datetime import date

import click

from digest.cli.options import Day, agreed, open_app, source, sure, wait
from digest.cli.outcome import print_outcome
from digest.cli.terminal import as_json, show, show_json


@click.command()
@click.argument("first", type=Day(), metavar="FROM")
@click.argument("last", type=Day(), metavar="[TO]", required=False)
@click.option("--dry-run", is_flag=True, help="Only show what would be written and what it costs.")
@source
@sure
@wait
@as_json
@click.pass_context
def backfill(
    context: click.Context,
    first: date,
    last: date | None,
    dry_run: bool,
    source: str | None,
    sure: bool,
    wait: int,
    as_json: bool,
) -> int:
    """Make the digests of past days, from FROM to TO (default: the latest).

    It can be stopped and started again at any point: what is complete is not asked for twice.
    """
    from digest.cli.progress import progress
    from digest.cli.reports import plan_lines
    from digest.model import Source
    from digest.model.reports import Wait

    if dry_run and source == Source.OAI:
        raise click.UsageError("--dry-run asks for totals, and only the query API has them.")
    app = open_app(context)
    with progress() as shown:
        turn = Wait(wait, shown.waiting)
        if dry_run:
            plan = app.plan(first, last, shown, turn)
        else:
            report = app.backfill(
                first,
                last,
                shown,
                turn,
                Source(source) if source else None,
                agreed(sure=sure, as_json=as_json),
            )
    if dry_run:
        show_json(plan) if as_json else show("\n".join(plan_lines(plan)))
        return 0
    return print_outcome(report, as_json=as_json)
