"""`digest keywords move`."""

from __future__ import annotations

import click

from digest.cli.keywords.saving import (
    Wish,
    before_option,
    carry_out,
    first_option,
    saving,
    topic_option,
)


@click.command()
@click.argument("word")
@before_option
@first_option
@click.option("--last", is_flag=True, help="As the last of the group.")
@click.option("--group", metavar="G", help="Into this group of the same topic.")
@topic_option
@saving
@click.pass_context
def move(
    context: click.Context,
    word: str,
    before: str | None,
    first: bool,
    last: bool,
    group: str | None,
    topic: str | None,
    wish: Wish,
) -> int:
    """Move a keyword to another place or group.

    Where two keywords overlap in an abstract, the earlier one gets the text.
    """
    from digest.keywords.editing.edits import Place

    if last and (first or before is not None):
        raise click.UsageError("--last cannot be combined with --first or --before.")
    if not (last or first or before is not None or group is not None):
        raise click.UsageError("Missing target: give --before, --first, --last or --group.")
    place = Place(before, first=first)
    return carry_out(context, wish, lambda edits: edits.move(word, place, group, topic))
