"""`digest send`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from digest.cli.options import Day, open_app, say_waiting, wait
from digest.cli.terminal import as_json, report_error, say, show, show_json

if TYPE_CHECKING:
    from digest.outlets.mail.report import PreviewReport, SendReport

_NOTHING = "Nothing to send: every receiver already has every digest."


@click.command()
@click.argument("day", type=Day(), metavar="[DAY]", required=False)
@click.option(
    "--to", multiple=True, metavar="NAME", help="Only to this receiver; may be given several times."
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent to whom, and send nothing.")
@click.option("--test", is_flag=True, help="Send two invented papers, to try the receivers.")
@wait
@as_json
@click.pass_context
def send(
    context: click.Context,
    day: date | None,
    to: tuple[str, ...],
    dry_run: bool,
    test: bool,
    wait: int,
    as_json: bool,
) -> int:
    """Send digests by mail and chat, to receivers that do not have them yet.

    The digest of DAY; without a DAY what `digest run` would send: the newest digest, and those
    before it that could not be sent.
    """
    from digest.model.reports import Wait

    if test and day:
        raise click.UsageError("--test sends invented papers; leave DAY out.")
    turn = None if test or dry_run else Wait(wait, say_waiting)
    with open_app(context).sending(turn) as sending:
        if test:
            parcels = [sending.test_parcel(to)]
        else:
            parcels = sending.of_day(day, to) if day else sending.due(to, really=not dry_run)
        if dry_run:
            _show_previews(sending.preview(parcels), as_json=as_json)
            return 0
        report = sending.try_out(parcels[0]) if test else sending.send(parcels)
    return _show(report, as_json=as_json)


def _show(report: SendReport, *, as_json: bool) -> int:
    from digest.outlets.mail.report import lines

    if as_json:
        show_json(report)
    else:
        for line in lines(report):
            show(line)
    if not report.days:
        say(_NOTHING)
    if report.failure:
        report_error(report.failure)
    return report.exit_code


def _show_previews(report: PreviewReport, *, as_json: bool) -> None:
    if as_json:
        show_json(report)
        return
    for message in report.messages:
        show(f"{message.way} to {', '.join(message.receivers)}: {message.subject}\n")
        show(message.text)
    if not report.messages:
        say(_NOTHING)
