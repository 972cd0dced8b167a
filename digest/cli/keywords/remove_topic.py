"""`digest keywords remove-topic`."""

from __future__ import annotations

import click

from digest.cli.keywords.saving import Wish, carry_out, saving


@click.command("remove-topic")
@click.argument("name")
@saving
@click.pass_context
def remove_topic(context: click.Context, name: str, wish: Wish) -> int:
    """Remove a topic with all its groups."""
    return carry_out(context, wish, lambda edits: edits.remove_topic(name))
