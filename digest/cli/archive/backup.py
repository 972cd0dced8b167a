"""`digest archive backup`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import open_app
from digest.cli.terminal import as_json, show, show_json, size


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
@click.pass_context
def backup(context: click.Context, file: Path, as_json: bool) -> None:
    """Copy the archive to FILE, also during a run.

    FILE is a new file or an earlier backup, which is replaced when the new one is complete. It is
    an archive: `archive` in digest.toml can name it, or it can be copied back.
    """
    report = open_app(context).upkeep().backup(file)
    if as_json:
        show_json(report)
    else:
        show(f"{report.path}: {size(report.size)}")
