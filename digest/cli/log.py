"""`digest log`."""

from __future__ import annotations

import click

from digest.cli.options import open_app
from digest.cli.terminal import as_json, show, show_json


@click.command()
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    metavar="N",
    help="How many runs to show. Default: 20; the last 1,000 are kept.",
)
@as_json
@click.pass_context
def log(context: click.Context, limit: int, as_json: bool) -> None:
    """List the last runs, newest first: when, what they cost, how they ended."""
    from digest.cli.runs import log_lines

    report = open_app(context).log(limit)
    if as_json:
        show_json(report)
    else:
        show("\n".join(log_lines(report)))
