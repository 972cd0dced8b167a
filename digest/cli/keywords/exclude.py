"""`digest keywords exclude`."""

from __future__ import annotations

import click

from digest.cli.keywords.saving import Wish, carry_out, saving, topic_option


@click.command()
@click.argument("word")
@topic_option
@saving
@click.pass_context
def exclude(context: click.Context, word: str, topic: str | None, wish: Wish) -> int:
    """Leave out papers with a word in title or abstract.

    It counts as a whole word only, in any case.
    """
    return carry_out(context, wish, lambda edits: edits.exclude(word, topic))
