"""`digest rebuild`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import click

from digest.cli.options import Day, open_app, say_waiting, wait
from digest.cli.terminal import as_json, show, show_coloured, show_json

if TYPE_CHECKING:
    from digest.model.changes import DigestChange


@click.command()
@click.argument("first", type=Day(), metavar="[FROM]", required=False)
@click.argument("last", type=Day(), metavar="[TO]", required=False)
@click.option("--diff", is_flag=True, help="Only show what would change, in which papers.")
@wait
@as_json
@click.pass_context
def rebuild(
    context: click.Context,
    first: date | None,
    last: date | None,
    diff: bool,
    wait: int,
    as_json: bool,
) -> None:
    """Make digests again, with the current keywords and template.

    From FROM to TO (default: all existing digests), from the archive alone: arXiv is not
    asked.
    """
    from digest.model.reports import Wait

    turn = Wait(wait, say_waiting)
    changes = open_app(context).rebuild(first, last, diff=diff, wait=turn)
    if as_json:
        _show_json(changes)
    else:
        _show(changes, diff=diff)


def _show(changes: Iterable[DigestChange], *, diff: bool) -> None:
    """Each digest that changes as soon as it is known, then the totals."""
    from digest.cli.changes import change_lines, summary, totals_line
    from digest.model.changes import RebuildTotals

    totals = RebuildTotals()
    for change in changes:
        totals = totals.plus(change)
        if change.action != "unchanged":
            show_coloured(change_lines(change) if diff else summary(change))
    show(totals_line(totals, diff=diff))


def _show_json(changes: Iterable[DigestChange]) -> None:
    from digest.model.changes import RebuildReport, RebuildTotals

    totals = RebuildTotals()
    changed = []
    for change in changes:
        totals = totals.plus(change)
        if change.action != "unchanged":
            changed.append(change)
    show_json(RebuildReport(tuple(changed), totals))
