"""Reports on keywords as tables: rich ones on a terminal, aligned text elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.cli.keywords.days import NO_DIGEST, span
from digest.cli.terminal import clean, show
from digest.model.reports import counted

if TYPE_CHECKING:
    from rich.console import Console

    from digest.keywords.report import AuthorUse, GroupUse, KeywordUse, Listing, Suggestions


@dataclass(frozen=True, slots=True)
class Row:
    """The name of a row, its numbers, and what is noted below the name."""

    name: str
    numbers: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its title; `color` is that of the title and the names, "" for none."""

    title: str
    color: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def show_listing(listing: Listing) -> None:
    """Print what each keyword does, group by group in their colours."""
    if listing.digests:
        papers, digests = counted(listing.papers, "paper"), counted(listing.digests, "digest")
        show(f"{span(listing.first, listing.last)}: {papers} in {digests}")
    else:
        show(NO_DIGEST)
    for topic in listing.topics:
        show(f"\n{topic.name}")
        if topic.groups:
            show_sections([_group(group) for group in topic.groups])
        if topic.authors:
            show_sections([_authors(topic.authors)])


def show_suggestions(report: Suggestions) -> None:
    """Print terms with the papers on both sides."""
    if not report.terms:
        show(_nothing(report))
        return
    show(
        f"{span(report.first, report.last)}: in your digests {counted(report.papers, 'paper')}, "
        f"elsewhere {report.others:,}"
    )
    rows = tuple(Row(one.term, (one.papers, one.others)) for one in report.terms)
    show_sections([Section("", "", ("term", "yours", "elsewhere"), rows)])


def _nothing(report: Suggestions) -> str:
    if report.first is None:
        return NO_DIGEST
    if not report.others:
        return (
            "The archive has only papers of your digests, so they cannot be compared with others."
        )
    return "Your keywords already find every word that stands out."


def show_sections(sections: Sequence[Section]) -> None:
    """Print tables of one form, with the same widths of columns."""
    if sys.stdout.isatty():
        from rich.console import Console

        rich_tables(sections, Console(highlight=False, markup=False, emoji=False))
    else:
        show("\n".join(plain_lines(sections)))


def plain_lines(sections: Sequence[Section]) -> Iterator[str]:
    """The tables as aligned text."""
    rows = [row for section in sections for row in section.rows]
    first = max(len(row.name) for row in (*rows, *(Row(s.heads[0], ()) for s in sections)))
    for section in sections:
        if section.title:
            color = f" ({section.color})" if section.color else ""
            yield f"\n{section.title}{color}"
        name, *heads = section.heads
        yield " ".join((name.ljust(first), *heads))
        for row in section.rows:
            numbers = (
                f"{n:,}".rjust(len(head)) for n, head in zip(row.numbers, heads, strict=True)
            )
            yield " ".join((row.name.ljust(first), *numbers))
            if row.note:
                yield f"  {row.note}"


def rich_tables(sections: Sequence[Section], console: Console) -> None:
    """Print the tables as wide as the terminal lets them be, in the colours of their groups."""
    from rich.table import Table
    from rich.text import Text

    for section in sections:
        style = f"#{section.color}" if section.color else ""
        title = Text(clean(section.title), f"bold {style}") if section.title else None
        table = Table(
            title=title, title_justify="left", box=None, pad_edge=False, collapse_padding=True
        )
        name, *heads = section.heads
        table.add_column(name, overflow="fold", min_width=12)
        for head in heads:
            table.add_column(head, justify="right", no_wrap=True)
        for row in section.rows:
            label = Text(clean(row.name), style)
            if row.note:
                label.append(f"\n  {clean(row.note)}", "dim")
            table.add_row(label, *(f"{number:,}" for number in row.numbers))
        if title:
            console.print()
        console.print(table)


def _group(group: GroupUse) -> Section:
    heads = ("keyword", "papers", "badges", "only", "cuts")
    return Section(group.name, group.color, heads, tuple(map(_row, group.keywords)))


def _authors(authors: Sequence[AuthorUse]) -> Section:
    rows = (
        Row(one.name, (one.papers, one.only), "in this form only" if one.exact else "")
        for one in authors
    )
    return Section("followed authors", "", ("author", "papers", "only"), tuple(rows))


def _row(use: KeywordUse) -> Row:
    note = f"never: behind {use.behind}" if use.behind is not None else ""
    return Row(use.text, (use.papers, use.badges, use.only, use.cuts), note)
