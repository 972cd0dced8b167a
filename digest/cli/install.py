"""`digest install`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from digest.cli.options import workspace
from digest.cli.terminal import say, show


@click.command()
@click.argument("kind", type=click.Choice(("cron", "systemd", "github-actions", "launchd")))
@click.option("--write", is_flag=True, help="Write it to its place instead of printing it.")
@click.pass_context
def install(context: click.Context, kind: str, write: bool) -> None:
    """Print an entry that runs the workspace every day.

    With a second run for papers that come late. KIND is one of cron, systemd (user units),
    github-actions (a workflow of the git repository that the workspace is in) and launchd (macOS).
    The times are those of [schedule] in config/digest.toml.
    """
    from importlib.metadata import distribution

    from digest.config import load
    from digest.model.distribution import NAME
    from digest.runs.install import entry

    folder = workspace(context)
    config = load(folder, os.environ)
    made, notes = entry(kind, folder, config, os.environ, _program(), distribution(NAME))
    for note in notes:
        say(f"Note: {note}")
    if not write:
        show(made.text)
        return
    for line in made.write():
        show(line)
    if made.advice:
        say(made.advice)


def _program() -> tuple[str, ...]:
    """The command as it is installed beside this Python; else the package, run by it."""
    python = Path(sys.executable).absolute()
    script = python.with_name("digest")
    return (str(script),) if script.is_file() else (str(python), "-m", "digest")
