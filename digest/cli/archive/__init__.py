"""`digest archive`: one module a command."""

from __future__ import annotations

import click

from digest.cli.archive.backup import backup
from digest.cli.archive.compact import compact
from digest.cli.archive.export import export
from digest.cli.archive.verify import verify


@click.group()
def archive() -> None:
    """Check, copy, shrink or export the archive."""


for command in (verify, backup, compact, export):
    archive.add_command(command)
