"""`digest audit`."""

from __future__ import annotations

from datetime import date

import click

from digest.cli.options import Day, open_app, wait
from digest.cli.terminal import as_json, of_work_done, report_error, show, show_json


@click.command()
@click.argument("first", type=Day(), metavar="FROM")
@click.argument("last", type=Day(), metavar="TO")
@wait
@as_json
@click.pass_context
def audit(context: click.Context, first: date, last: date, wait: int, as_json: bool) -> int:
    """Compare the archive with arXiv's own list of ids, and repair it.

    Looks at the announcement days from FROM to TO. Papers that are missing are fetched, and their
    digests rewritten.
    """
    from digest.cli.progress import progress
    from digest.cli.reports import audit_lines
    from digest.model.reports import Wait

    app = open_app(context)
    with progress() as shown:
        report = app.audit(first, last, shown, Wait(wait, shown.waiting))
    with of_work_done():
        show_json(report) if as_json else show("\n".join(audit_lines(report)))
    if report.failure:
        report_error(report.failure)
    return report.exit_code
