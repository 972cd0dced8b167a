"""`digest check`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import open_app
from digest.cli.terminal import as_json, show, show_json


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--keywords", is_flag=True, help="Also compare the badges with your keywords.")
@as_json
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], keywords: bool, as_json: bool) -> int:
    """Check whether a FILE is exactly a digest; show the first difference if not."""
    from digest.cli.reports import check_lines
    from digest.writer.checking import check_files

    # The form is the same everywhere: only the keywords are those of a workspace.
    report = open_app(context).check(files) if keywords else check_files(files)
    if as_json:
        show_json(report)
    else:
        show("\n".join(check_lines(report)))
    return report.exit_code
