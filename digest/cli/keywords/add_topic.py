"""`digest keywords add-topic`."""

from __future__ import annotations

import click

from digest.cli.keywords.saving import Wish, carry_out, color_option, saving


@click.command("add-topic")
@click.argument("name")
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@click.option("--group", metavar="G", help="The name of its group.")
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="C",
    help="Only papers of this arXiv category, such as cs.CL or cs.*. Can be given again.",
)
@color_option
@saving
@click.pass_context
def add_topic(
    context: click.Context,
    name: str,
    words: tuple[str, ...],
    group: str | None,
    categories: tuple[str, ...],
    color: str | None,
    wish: Wish,
) -> int:
    """Add a topic with the keywords of its first group.

    `digest keywords add-group` gives it more groups.
    """
    return carry_out(
        context,
        wish,
        lambda edits: edits.add_topic(name, words, group, categories, color),
    )
