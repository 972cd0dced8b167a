"""`digest open`."""

from __future__ import annotations

from datetime import date

import click

from digest.cli.options import Day, open_app
from digest.cli.terminal import show


@click.command("open")
@click.argument("day", type=Day(), required=False, metavar="[DAY]")
@click.option("--path", is_flag=True, help="Print its path and open nothing.")
@click.pass_context
def open_(context: click.Context, day: date | None, path: bool) -> int:
    """Open the page or the file of a digest: that of DAY, or the latest.

    \b
      digest open
      digest open 2026-11-17
    """
    from digest.model.errors import UsageError
    from digest.writer.editions import page_of

    app = open_app(context)
    with app.editions() as editions:
        records = editions.records(day, day) if day else editions.records()[-1:]
        if not records:
            if day:
                raise editions.absence(day, day, "`digest status` lists the days")
            raise UsageError("there is no digest yet", hint="`digest run` writes the latest one")
    period = records[0].period
    output = app.config.digest.output
    page = output / "site" / page_of(period.day)
    file = page if page.is_file() else output / period.file
    if not file.is_file():
        raise UsageError(f"{file} does not exist", hint="`digest rebuild` writes it again")
    show(str(file))
    return 0 if path else click.launch(file.as_uri())
