"""`digest archive compact`."""

from __future__ import annotations

import click

from digest.cli.options import open_app, say_waiting, wait
from digest.cli.terminal import as_json, show, show_json, size


@click.command()
@wait
@as_json
@click.pass_context
def compact(context: click.Context, wait: int, as_json: bool) -> None:
    """Make the archive as small as its content allows.

    Meanwhile this needs disk space for two copies of it.
    """
    from digest.model.reports import Wait

    report = open_app(context).upkeep().compact(Wait(wait, say_waiting))
    if as_json:
        show_json(report)
    else:
        show(f"{report.archive}: {size(report.before)}, now {size(report.after)}")
