"""`digest keywords remove-group`."""

from __future__ import annotations

import click

from digest.cli.keywords.saving import Wish, carry_out, saving, topic_option


@click.command("remove-group")
@click.argument("name")
@topic_option
@saving
@click.pass_context
def remove_group(context: click.Context, name: str, topic: str | None, wish: Wish) -> int:
    """Remove a group with all its keywords."""
    return carry_out(context, wish, lambda edits: edits.remove_group(name, topic))
