"""A digest as plain text, readable at 72 columns. Pure.

Only what this program says begins in the first column: nothing in a stranger's text can look like
the next paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from digest.outlets.mail.words import (
    abstract_link,
    authors,
    categories,
    caution,
    notes_of,
    page_link,
    paragraphs,
    subject,
    title,
)
from digest.writer.editions import Edition, Shown

_COLUMNS = 72
_INDENT = " " * 4


def plain_text(edition: Edition, site: str) -> str:
    """The whole digest; with the address of a site, also where its page is."""
    head = [subject(edition), page_link(site, edition), *_wrapped(caution(edition), "")]
    parts = ["\n".join(filter(None, head))]
    parts += [
        "\n".join(_paper(number, shown)) for number, shown in enumerate(edition.shown, start=1)
    ]
    return "\n\n\n".join(parts) + "\n"


def _paper(number: int, shown: Shown) -> Iterator[str]:
    paper = shown.paper
    first, *more = _wrapped(title(paper), _INDENT) or [_INDENT]
    yield f"{number}.".ljust(len(_INDENT)) + first.removeprefix(_INDENT)
    yield from more
    yield from _wrapped(authors(paper), _INDENT)
    yield from _wrapped(f"{paper.published:%Y-%m-%d}, {categories(paper)}", _INDENT)
    yield from _wrapped(notes_of(paper), _INDENT)
    yield _INDENT + abstract_link(paper)
    for paragraph in paragraphs(paper.abstract):
        yield ""
        yield from _wrapped(paragraph, _INDENT)


def _wrapped(text: str, indent: str) -> list[str]:
    """Lines cut at spaces only, so that links and formulas stay whole."""
    return wrap(
        text,
        _COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
