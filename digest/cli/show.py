"""`digest show`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from digest.cli.options import Day, open_app
from digest.cli.terminal import as_json, show_json, show_page

if TYPE_CHECKING:
    from digest.writer.editions import Edition, Shown

_INDENT = "    "


@click.command()
@click.argument("day", type=Day(), required=False, metavar="[DAY]")
@click.option("--topic", metavar="T", help="Only the papers of this topic.")
@click.option("--abstracts", is_flag=True, help="With the abstracts.")
@as_json
@click.pass_context
def show(
    context: click.Context, day: date | None, topic: str | None, abstracts: bool, as_json: bool
) -> None:
    """Read a digest in the terminal: that of DAY, or the latest.

    \b
      digest show
      digest show 2026-11-17 --abstracts
    """
    from digest.model.errors import UsageError

    app = open_app(context)
    if topic is not None and topic not in {one.name for one in app.config.topics}:
        names = ", ".join(repr(one.name) for one in app.config.topics)
        raise UsageError(f"there is no topic {topic!r}", hint=f"topics: {names}")
    with app.editions() as editions:
        records = editions.records(day, day) if day else editions.records()[-1:]
        if not records:
            if day:
                raise editions.absence(day, day, "`digest status` lists the days")
            raise UsageError("there is no digest yet", hint="`digest run` writes the latest one")
        edition = editions.written(records[0])
    shown = [one for one in edition.shown if topic is None or topic in one.match.topics]
    if as_json:
        show_json({"day": edition.day, "state": edition.state, "papers": list(map(_plain, shown))})
        return
    show_page("\n".join(_lines(edition, shown, abstracts=abstracts)))


def _lines(edition: Edition, shown: list[Shown], *, abstracts: bool) -> Iterator[str]:
    from digest.model.reports import counted

    state = "" if edition.state == "complete" else f", {edition.state}"
    yield f"{edition.day}: {counted(len(shown), 'paper')}{state}"
    for number, one in enumerate(shown, start=1):
        yield ""
        yield from paper_lines(number, one, abstracts=abstracts)


def title_lines(edition: Edition, rows: int) -> Iterator[str]:
    """The titles of a digest, a line each, at most so many; how to read the rest."""
    from digest.cli.terminal import clean, columns

    width = columns() - len(_INDENT)
    yield ""
    for number, one in enumerate(edition.shown[:rows], start=1):
        title = clean(" ".join(one.paper.title.split()))
        line = title if len(title) <= width else f"{title[: width - 1]}…"
        yield f"{number}.".ljust(len(_INDENT)) + line
    if len(edition.shown) > rows:
        yield f"{_INDENT}… {len(edition.shown) - rows:,} more"
    if edition.shown:
        yield f"\nTo read them: digest show {edition.day}"


def paper_lines(number: int, shown: Shown, *, abstracts: bool) -> Iterator[str]:
    """A paper as the terminal shows it, in its width, with coloured keywords."""
    from digest.cli.terminal import clean, columns, wrapped

    paper = shown.paper
    width = columns()
    title = clean(" ".join(paper.title.split()))
    head = f"{number}."
    first, *more = wrapped(title, width - len(_INDENT)) or [""]
    yield click.style(head.ljust(len(_INDENT)) + first, bold=True)
    yield from (click.style(_INDENT + line, bold=True) for line in more)
    by = clean(", ".join(_brief([" ".join(name.split()) for name in paper.authors])))
    yield from (_INDENT + line for line in wrapped(by, width - len(_INDENT)))
    link = f"https://arxiv.org/abs/{paper.id}v{paper.version}"
    yield f"{_INDENT}{link}"
    if words := _keywords(shown):
        yield from (
            _INDENT + click.style(line, fg="red") for line in wrapped(words, width - len(_INDENT))
        )
    for one in shown.summaries:
        text = f"{one.tldr} ({one.model}: {one.relevance:g}/10)"
        yield from (_INDENT + line for line in wrapped(clean(text), width - len(_INDENT)))
    if abstracts:
        yield ""
        for part in paper.abstract.split("\n  "):
            yield from (_INDENT + line for line in wrapped(clean(part), width - len(_INDENT)))


def _keywords(shown: Shown) -> str:
    from digest.cli.terminal import clean
    from digest.model import Badge

    found = dict.fromkeys(piece.text for piece in shown.match.abstract if isinstance(piece, Badge))
    return clean(", ".join(" ".join(word.split()) for word in found))


def _brief(names: list[str]) -> list[str]:
    """The first two names and the last one with the number of all; up to four are all there."""
    if len(names) <= 4:
        return names
    return [*names[:2], f"… {names[-1]} ({len(names)} authors)"]


def _plain(shown: Shown) -> dict[str, object]:
    paper = shown.paper
    return {
        "id": paper.id,
        "version": paper.version,
        "title": " ".join(paper.title.split()),
        "authors": list(paper.authors),
        "categories": list(paper.categories),
        "published": paper.published,
        "topics": list(shown.match.topics),
        "keywords": [word for word in _keywords(shown).split(", ") if word],
        "abstract": paper.abstract,
        "url": f"https://arxiv.org/abs/{paper.id}v{paper.version}",
        "summaries": list(shown.summaries),
    }
