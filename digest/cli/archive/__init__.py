"""`digest archive`: one module a command."""

from __future__ import annotations

import click

from digest.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    package="digest.cli.archive",
    sections={"Commands": ("verify", "backup", "compact", "export")},
)
def archive() -> None:
    """Check, copy, shrink or export the archive."""
