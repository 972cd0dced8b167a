"""`digest status`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import open_app, workspace
from digest.cli.terminal import as_json, show, show_json

if TYPE_CHECKING:
    from digest.model.reports import Status


@click.command()
@click.option(
    "--healthy",
    is_flag=True,
    help="Exit with 1 if the state is stalled or failed, and print the first line only; with "
    "--json all of it.",
)
@click.option(
    "--prometheus",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Write the numbers for Prometheus' textfile collector (- for the terminal).",
)
@as_json
@click.pass_context
def status(context: click.Context, healthy: bool, prometheus: Path | None, as_json: bool) -> int:
    """Show whether all is well, how complete each day is, the last run and what comes next."""
    app = open_app(context)
    if prometheus:
        from digest.config.own_files import check_foreign

        check_foreign(prometheus, workspace(context), app.config)
    report = app.status()
    if prometheus:
        _write(prometheus, report, workspace(context).absolute())
    if as_json:
        show_json(report)
    elif healthy:
        show(str(report.standing))
    elif not prometheus:
        from digest.cli.reports import status_lines

        show("\n".join(status_lines(report)))
    return int(healthy and not report.standing.is_healthy)


def _write(file: Path, report: Status, folder: Path) -> None:
    from digest.cli.prometheus import exposition

    text = exposition(report, str(folder))
    if str(file) == "-":
        show(text.removesuffix("\n"))
        return
    from digest.files import replace

    replace(file, text.encode())
