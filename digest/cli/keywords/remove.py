"""`digest keywords remove`."""

from __future__ import annotations

import click

from digest.cli.keywords.saving import Wish, carry_out, saving, topic_option


@click.command()
@click.argument("word")
@click.option("--group", metavar="G", help="The group that has it. Needed only if several have it.")
@topic_option
@saving
@click.pass_context
def remove(
    context: click.Context, word: str, group: str | None, topic: str | None, wish: Wish
) -> int:
    """Remove a keyword."""
    return carry_out(context, wish, lambda edits: edits.remove(word, group, topic))
