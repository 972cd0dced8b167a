"""`digest keywords set`."""

from __future__ import annotations

import click

from digest.cli.keywords.saving import Wish, carry_out, saving, topic_option


@click.command("set")
@click.option(
    "--category",
    "categories",
    metavar="C",
    multiple=True,
    required=True,
    help="An arXiv category, such as cs.CL or cs.*. Can be given again; empty for any.",
)
@topic_option
@saving
@click.pass_context
def set_(context: click.Context, categories: tuple[str, ...], topic: str | None, wish: Wish) -> int:
    """Set the categories of a topic."""
    return carry_out(
        context, wish, lambda edits: edits.set_categories([one for one in categories if one], topic)
    )
