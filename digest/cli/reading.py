"""Papers as lines to read in a terminal: titles, links, abstracts with coloured keywords."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from digest.cli.terminal import clean
from digest.model import Badge
from digest.model.reports import counted

if TYPE_CHECKING:
    from digest.model import Marked
    from digest.writer.editions import Edition, Shown

#: In columns: longer lines of running text are hard to read.
_WIDEST = 100


def reading_lines(day: date, shown: Sequence[Shown], *, abstracts: bool) -> Iterator[str]:
    """A digest as lines that fit the terminal."""
    width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
    yield f"{day}: {counted(len(shown), 'paper')}"
    for number, one in enumerate(shown, 1):
        entry = one.entry
        yield ""
        head = f"{number}. {clean(entry.title)}"
        for line in textwrap.wrap(head, width, subsequent_indent="   "):
            yield click.style(line, bold=True)
        authors = clean(", ".join(entry.names[:3])) + (" et al." if entry.names[3:] else "")
        yield from _indented(authors, width)
        yield f"   {entry.url}"
        found = {part.text: part for part in entry.abstract if isinstance(part, Badge)}
        if abstracts:
            yield from _abstract(entry.abstract, width)
        elif found:
            words = [_coloured(clean(each.text), each.color) for each in found.values()]
            yield f"   {', '.join(words)}"


def _indented(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="   ", subsequent_indent="   ")


def _abstract(parts: Marked, width: int) -> Iterator[str]:
    """The abstract in lines; each keyword keeps its colour, also over the end of a line."""
    text, colors = "", list[str]()
    for part in parts:
        plain = clean(part if isinstance(part, str) else part.text).replace("\n", " ")
        text += plain
        colors += [part.color if isinstance(part, Badge) else ""] * len(plain)
    at = 0
    for line in _indented(text, width):
        body = line.strip()
        at = text.index(body[0], at) if body else at
        yield "   " + _styled(body, colors[at : at + len(body)])
        at += len(body)


def _styled(text: str, colors: Sequence[str]) -> str:
    out, start = "", 0
    for end in range(1, len(text) + 1):
        if end == len(text) or colors[end : end + 1] != colors[start : start + 1]:
            out += _coloured(text[start:end], colors[start] if start < len(colors) else "")
            start = end
    return out


def _coloured(text: str, color: str) -> str:
    if not color:
        return text
    red, green, blue = (int(color[at : at + 2], 16) for at in (0, 2, 4))
    return click.style(text, fg=(red, green, blue))


def print_titles(editions: Sequence[Edition]) -> None:
    """The titles of digests, a line each with the keywords in colour, at most a screen."""
    size = shutil.get_terminal_size((80, 24))
    plain = bool(os.environ.get("NO_COLOR"))
    titles = [_title(one, size.columns) for edition in editions for one in edition.shown]
    room = max(size.lines - 4, 1)
    click.echo()
    for line in titles[:room]:
        click.echo(click.unstyle(line) if plain else line)
    more = f"{counted(len(titles) - room, 'more title')}; " if titles[room:] else ""
    click.echo(f"{more}`digest show` shows the latest digest.")


def _title(one: Shown, width: int) -> str:
    title = textwrap.shorten(clean(one.entry.title), width - 2, placeholder=" …")
    for part in one.entry.abstract:
        if isinstance(part, Badge) and (at := title.find(part.text)) >= 0 and "\x1b" not in title:
            end = at + len(part.text)
            title = title[:at] + _coloured(title[at:end], part.color) + title[end:]
    return f"  {title}"


def page(lines: Iterator[str]) -> None:
    """Print lines, through the pager where they are more than a terminal shows."""
    plain = bool(os.environ.get("NO_COLOR"))
    text = "\n".join(map(click.unstyle, lines) if plain else lines)
    if sys.stdout.isatty() and text.count("\n") >= shutil.get_terminal_size().lines - 1:
        os.environ.setdefault("LESS", "-FRX")
        click.echo_via_pager(text + "\n")
    else:
        click.echo(text)
