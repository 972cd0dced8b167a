"""Which workspace a command works on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from digest.app import App


def workspace(context: click.Context) -> Path:
    """The folder given with -C; else the current one if it is a workspace, else $DIGEST_HOME."""
    given: Path | None = context.obj
    if given is not None:
        return given
    home = os.environ.get("DIGEST_HOME")
    here = Path()
    return here if (here / "config").is_dir() or not home else Path(home)


def open_app(context: click.Context) -> App:
    """The program, wired up for the workspace."""
    from digest.app import App

    return App.open(workspace(context), os.environ)
