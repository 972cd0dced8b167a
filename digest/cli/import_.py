"""`digest import`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import open_app, say_waiting, wait
from digest.cli.terminal import as_json, say, show, show_json


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--yes", "really", is_flag=True, help="Do it. Without it, only show what would be done."
)
@wait
@as_json
@click.pass_context
def import_(
    context: click.Context, files: tuple[Path, ...], really: bool, wait: int, as_json: bool
) -> int:
    """Register the papers of existing digests, so that none appears twice.

    Each FILE is a digest made elsewhere: by an older program, or by this one in another place.
    Its papers will be in no new digest of another day. If it lies in the output folder under the
    name of its day, that day counts as written and the file is not changed.
    """
    from digest.cli.reports import import_lines
    from digest.model.reports import Wait

    turn = Wait(wait, say_waiting)
    report = open_app(context).import_digests(files, really=really, wait=turn)
    if as_json:
        show_json(report)
    else:
        show("\n".join(import_lines(report)))
    if not report.done and not all(file.problem for file in report.files):
        say("Nothing was changed. Run the same command with --yes to do it.")
    return report.exit_code
