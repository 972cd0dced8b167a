"""`digest keywords add`."""

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
@click.option(
    "--group", metavar="G", help="The group that gets it. Needed only if there are several."
)
@topic_option
@before_option
@first_option
@click.option("--whole-word", is_flag=True, help="Only where it stands alone.")
@click.option("--case", is_flag=True, help="Only with capital and small letters as written.")
@saving
@click.pass_context
def add(
    context: click.Context,
    word: str,
    group: str | None,
    topic: str | None,
    before: str | None,
    first: bool,
    whole_word: bool,
    case: bool,
    wish: Wish,
) -> int:
    """Add a keyword to a group, as the last one by default.

    Where two keywords overlap in an abstract, the earlier one gets the text. With --whole-word or
    --case, a keyword that already exists gets these settings, and stays where it is.
    """
    from digest.keywords.editing.edits import Place
    from digest.model import Keyword

    place = Place(before, first=first)
    keyword = Keyword(word, whole_word or None, case or None)
    return carry_out(context, wish, lambda edits: edits.add(keyword, group, topic, place))
