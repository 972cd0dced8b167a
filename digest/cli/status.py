"""`digest status`."""

from __future__ import annotations

import click

from digest.cli.terminal import as_json, show, show_json
from digest.cli.workspace import open_app


@click.command()
@as_json
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Show how complete each day is, the last run and the next announcement."""
    from digest.cli.reports import status_lines

    report = open_app(context).status()
    if as_json:
        show_json(report)
    else:
        show("\n".join(status_lines(report)))
