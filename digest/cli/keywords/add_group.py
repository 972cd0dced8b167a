"""`digest keywords add-group`."""

from __future__ import annotations

import click

from digest.cli.keywords.saving import Wish, carry_out, color_option, saving, topic_option


@click.command("add-group")
@click.argument("name")
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@topic_option
@color_option
@saving
@click.pass_context
def add_group(
    context: click.Context,
    name: str,
    words: tuple[str, ...],
    topic: str | None,
    color: str | None,
    wish: Wish,
) -> int:
    """Add a group with its first keywords to a topic.

    Then a paper of the topic also needs one of them.
    """
    return carry_out(context, wish, lambda edits: edits.add_group(name, words, topic, color))
