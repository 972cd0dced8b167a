"""`digest keywords`: one module a command."""

from __future__ import annotations

import click

from digest.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    package="digest.cli.keywords",
    names=(
        *("list", "check", "explain", "suggest", "add", "remove", "move", "exclude"),
        *(
            "add-group",
            "add-topic",
            "remove-group",
            "remove-topic",
            "include",
            "set",
            "edit",
            "preview",
        ),
    ),
)
def keywords() -> None:
    """Show, edit and test your keywords."""
