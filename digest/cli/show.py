"""`digest show`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from digest.cli.options import Day, open_app
from digest.cli.terminal import as_json, show_json

if TYPE_CHECKING:
    from digest.writer.editions import Edition, Shown


@click.command()
@click.argument("day", type=Day(), required=False)
@click.option("--topic", metavar="T", help="Only the papers of this topic.")
@click.option("--abstracts", is_flag=True, help="With the abstracts, keywords coloured.")
@as_json
@click.pass_context
def show(
    context: click.Context, day: date | None, topic: str | None, abstracts: bool, as_json: bool
) -> None:
    """Read the digest of DAY in the terminal (default: the latest).

    \b
    Examples:
      digest show
      digest show 2025-11-28 --abstracts
    """
    from digest.cli.reading import page
    from digest.cli.reading import reading_lines as lines

    app = open_app(context)
    with app.editions() as editions:
        edition = editions.written(editions.record_of(day))
    shown = _of_topic(edition, topic, [one.name for one in app.config.topics])
    if as_json:
        show_json({"day": edition.day, "state": edition.state, "papers": list(map(_paper, shown))})
        return
    page(lines(edition.day, shown, abstracts=abstracts))


def _of_topic(edition: Edition, topic: str | None, known: list[str]) -> tuple[Shown, ...]:
    if topic is not None and topic not in known:
        raise click.UsageError(f"Unknown topic {topic!r}. Topics: {', '.join(known)}.")
    return tuple(one for one in edition.shown if topic is None or topic in one.match.topics)


def _paper(one: Shown) -> dict[str, object]:
    entry = one.entry
    return {
        "id": one.paper.id,
        "version": one.paper.version,
        "title": entry.title,
        "authors": entry.names,
        "published": entry.published,
        "url": entry.url,
        "topics": one.match.topics,
        "keywords": sorted({part.text for part in entry.abstract if not isinstance(part, str)}),
        "abstract": "".join(
            part if isinstance(part, str) else part.text for part in entry.abstract
        ),
    }
