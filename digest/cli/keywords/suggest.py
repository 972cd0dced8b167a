"""`digest keywords suggest`."""

from __future__ import annotations

import click

from digest.cli.keywords.days import days_option
from digest.cli.options import open_app
from digest.cli.terminal import as_json, show_json


@click.command()
@days_option(90)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    default=20,
    show_default=True,
    help="Show up to N terms.",
)
@as_json
@click.pass_context
def suggest(context: click.Context, days: int, limit: int, as_json: bool) -> None:
    """Show words that are frequent in your digests and rare elsewhere.

    Words and pairs of words in which no keyword matches yet, by how well they separate the
    papers of your digests from all others (log-likelihood).
    """
    from digest.cli.keywords.tables import show_suggestions

    with open_app(context).keywords() as keywords:
        report = keywords.suggest(days, limit)
    if as_json:
        show_json(report)
    else:
        show_suggestions(report)
