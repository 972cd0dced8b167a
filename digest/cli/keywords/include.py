"""`digest keywords include`."""

from __future__ import annotations

import click

from digest.cli.keywords.saving import Wish, carry_out, saving, topic_option


@click.command("include")
@click.argument("word")
@topic_option
@saving
@click.pass_context
def include(context: click.Context, word: str, topic: str | None, wish: Wish) -> int:
    """Undo `exclude`: no longer leave out papers with a word."""
    return carry_out(context, wish, lambda edits: edits.include(word, topic))
