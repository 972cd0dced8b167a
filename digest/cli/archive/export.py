"""`digest archive export`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import open_app, workspace
from digest.cli.terminal import as_json, show, show_json
from digest.model.reports import counted


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
@click.pass_context
def export(context: click.Context, file: Path, as_json: bool) -> None:
    """Write all papers to FILE as a table, for other programs.

    Its suffix chooses the format: .jsonl for JSON Lines, .parquet for Parquet. One row is one
    version of a paper. An existing file is replaced when the new one is complete.
    """
    from digest.config.own_files import check_foreign

    app = open_app(context)
    check_foreign(file, workspace(context), app.config)
    report = app.upkeep().export(file)
    if as_json:
        show_json(report)
    else:
        show(f"{report.path}: {counted(report.rows, 'row')}")
