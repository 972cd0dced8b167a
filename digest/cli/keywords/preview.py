"""`digest keywords preview`."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.keywords.days import days_option
from digest.cli.keywords.saving import DAYS, all_option
from digest.cli.options import Day, open_app, workspace
from digest.cli.terminal import as_json, show_json
from digest.model import STYLES

if TYPE_CHECKING:
    from digest.config import Config


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--style", type=click.Choice(tuple(STYLES)), help="This style.")
@click.option("--from", "first", type=Day(), help="The first digest looked at.")
@click.option("--to", "last", type=Day(), help="The last digest looked at.")
@days_option(DAYS)
@all_option
@as_json
@click.pass_context
def preview(
    context: click.Context,
    file: Path | None,
    style: str | None,
    first: date | None,
    last: date | None,
    days: int,
    everything: bool,
    as_json: bool,
) -> None:
    """Show what other keywords or another style would do, and change nothing.

    FILE is used in place of config/keywords.toml.
    """
    if file is None and style is None:
        raise click.UsageError("Nothing to preview: give a FILE with keywords, or --style.")
    if first and last and first > last:
        raise click.UsageError(f"--from {first} must not be later than --to {last}.")
    app = open_app(context)
    effect = app.effect(_config(context, file, style), first, last, days, counted=True)
    if as_json:
        show_json(effect)
        return
    from digest.cli.effects import show_effect

    show_effect(effect, everything=everything)


def _config(context: click.Context, file: Path | None, style: str | None) -> Config:
    from digest.config import load
    from digest.keywords.editing.drafts import Editing

    place = workspace(context)
    config = Editing(place, os.environ).preview(file) if file else load(place, os.environ)
    if style is None:
        return config
    return config.model_copy(
        update={"digest": config.digest.model_copy(update={"style": STYLES[style]})}
    )
