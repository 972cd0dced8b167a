"""`digest init`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.terminal import show

_NEXT = """\
A new workspace in {folder}

  config/keywords.toml    your topics
  config/digest.toml      everything else
  templates/digest.md.j2  the form of a digest
  output/                 the digests

Next, {go}
  write your keywords into
    config/keywords.toml
  write your e-mail address into
    config/digest.toml, as [arxiv] contact: arXiv slows down programs without one
  digest run
    the latest papers of arXiv
  digest simulate
    to try it on invented papers first
"""


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.pass_context
def init(context: click.Context, folder: Path | None) -> None:
    """Make a new workspace in FOLDER (default: the current one)."""
    from digest.config.workspace import create

    place = folder or context.obj or Path()
    create(place)
    go = "in this folder:" if place == Path() else f"after `cd {place}`:"
    show(_NEXT.format(folder=place.absolute(), go=go))
