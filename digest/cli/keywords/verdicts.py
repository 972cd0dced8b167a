"""Why a paper is, or is not, in which digest, with the matched words in their colours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from digest.cli.terminal import clean

if TYPE_CHECKING:
    from digest.keywords.report import AuthorVerdict, Explanation, GroupVerdict, Quote, TopicVerdict

#: So many matches of a group are shown.
_SHOWN = 5


def show_explanation(report: Explanation) -> None:
    """Print an explanation: coloured on a terminal, matched words in brackets elsewhere."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    plain = console.no_color or console.color_system is None
    for indent, text in _lines(report, plain=plain):
        if not console.is_terminal:
            console.file.write(" " * indent + text.plain + "\n")
            continue
        for part in text.wrap(console, max(console.width - indent, 20)):
            part.rstrip()
            console.print(Text(" " * indent) + part)


def _lines(report: Explanation, *, plain: bool) -> Iterator[tuple[int, Text]]:
    """Each line with its indentation.

    2511.21669 A title
      announced 2025-11-28, cs.CL cs.LG
      It is in the digest of 2025-11-28, as version 2.
    efficient-llm: satisfied, by author
      followed authors: [K. B. Ødegård]
      technique: 2 matches
        … for [prefill] and …
    """
    yield 0, Text(clean(f"{report.id} {report.title}".rstrip()), "bold")
    if report.announced:
        shown = f"announced {report.announced}, version {report.version}"
        yield 2, Text(clean(f"{shown}, {' '.join(report.categories)}"))
    yield 2, Text(report.why)
    if report.advice:
        yield 2, Text(report.advice)
    for verdict in report.verdicts:
        yield from _topic(verdict, plain=plain)


def _topic(verdict: TopicVerdict, *, plain: bool) -> Iterator[tuple[int, Text]]:
    outcome = ("satisfied", "green") if verdict.satisfied else ("not satisfied", "red")
    has_keywords = bool(verdict.groups) and all(group.found for group in verdict.groups)
    why = ", by author" if verdict.satisfied and not has_keywords else ""
    yield 0, Text.assemble(f"{clean(verdict.topic)}: ", outcome, why)
    if not verdict.in_categories:
        yield 2, Text(f"none of its categories is configured: {', '.join(verdict.categories)}")
    if verdict.excluded:
        yield 2, Text(clean(f"excluded words: {', '.join(verdict.excluded)}"))
    if verdict.authors is not None:
        yield 2, _authors(verdict.authors, plain=plain)
    for group in verdict.groups:
        yield from _group(group, plain=plain)


def _authors(found: tuple[AuthorVerdict, ...], *, plain: bool) -> Text:
    """`followed authors: [K. B. Ødegård]`, or that it has none."""
    shown = Text("followed authors: " + ("" if found else "none"))
    for number, one in enumerate(found):
        name = f"[{one.name}]" if plain else one.name
        shown.append(", " * (number > 0))
        shown.append(clean(name), "" if plain else f"bold #{one.color}")
    return shown


def _group(group: GroupVerdict, *, plain: bool) -> Iterator[tuple[int, Text]]:
    number = len(group.found)
    count = "no match" if not number else "1 match" if number == 1 else f"{number:,} matches"
    yield 2, Text.assemble((clean(group.name), "" if plain else f"#{group.color}"), f": {count}")
    for quote in group.found[:_SHOWN]:
        yield 4, _quote(quote, group.color, plain=plain)
    if number > _SHOWN:
        yield 4, Text(f"and {number - _SHOWN:,} more")


def _quote(quote: Quote, color: str, *, plain: bool) -> Text:
    text = f"[{quote.text}]" if plain else quote.text
    return Text.assemble(
        clean(quote.before),
        (clean(text), "" if plain else f"bold #{color}"),
        clean(quote.after),
        (clean(f"  ({quote.keyword}: {quote.rule})" if quote.rule else ""), "dim"),
    )
