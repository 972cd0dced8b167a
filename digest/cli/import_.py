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
@click.option("--yes", "really", is_flag=True, help="Do it. Without, only say what would be done.")
@wait
@as_json
@click.pass_context
def import_(
    context: click.Context, files: tuple[Path, ...], really: bool, wait: int, as_json: bool
) -> int:
    """Make the papers of existing digests known.

    Each FILE is a digest that something else made: an older program, or this one in another place.
    Its papers will be in no new digest of another day. If it lies in the output folder under the
    name of its day, that day counts as made and the file stays as it is.
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
        say("Nothing is changed yet. The same command with --yes does it.")
    return report.exit_code
