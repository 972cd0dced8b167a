"""`--source`: which of arXiv's two interfaces a command asks."""

from __future__ import annotations

import click

source = click.option(
    "--source",
    type=click.Choice(["query", "oai"]),
    help="Ask only arXiv's query API, or only OAI-PMH. Default: the query API, and OAI-PMH when it "
    "has been down for [arxiv] fallback_after_hours.",
)
