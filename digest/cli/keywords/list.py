"""`digest keywords list`."""

from __future__ import annotations

import click

from digest.cli.keywords.days import days_option
from digest.cli.options import open_app
from digest.cli.terminal import as_json, show_json


@click.command("list")
@days_option(30)
@as_json
@click.pass_context
def list_(context: click.Context, days: int, as_json: bool) -> None:
    """Show what each keyword does in the digests.

    "only": papers that are in a digest because of this keyword alone. "cuts": badges with a letter
    next to them, as in pre[serving].
    """
    from digest.cli.keywords.tables import show_listing

    with open_app(context).keywords() as keywords:
        report = keywords.listing(days)
    if as_json:
        show_json(report)
    else:
        show_listing(report)
