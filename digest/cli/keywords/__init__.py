"""`digest keywords`: one module a command."""

from __future__ import annotations

import click

from digest.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    package="digest.cli.keywords",
    sections={
        "See": ("list", "check", "explain", "suggest", "preview"),
        "Edit": (
            *("add", "remove", "move", "exclude", "include", "add-group", "remove-group"),
            *("add-topic", "remove-topic", "edit"),
        ),
    },
)
def keywords() -> None:
    """Show, edit and test your keywords."""
