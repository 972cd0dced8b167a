"""What an item shows: HTML in which every text of a stranger is text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from digest.model import Badge
from digest.outlets.facts import marked_title, notes
from digest.outlets.markup import HtmlWriter
from digest.writer.editions import Shown

#: What no XML document can hold in whatever notation, the control characters that none should
#: (https://www.w3.org/TR/xml/#charsets; readers take those for letters of Windows), and what turns
#: the direction of writing, beyond a title and into what a reader shows beside it.
_UNFIT = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


def fit(text: str) -> str:
    """A text with the replacement character for what a feed cannot or should not hold."""
    return _UNFIT.sub("\ufffd", text)


def on_one_line(text: str) -> str:
    """The same, with its white space folded."""
    return " ".join(fit(text).split())


def title_of(shown: Shown) -> str:
    """A paper's title, with whether it is withdrawn; its id if it has none: items need one."""
    return on_one_line(marked_title(shown.paper)) or shown.paper.id


def paper_html(shown: Shown) -> str:
    """A paper's authors, its abstract and what arXiv says besides; what has a badge is strong.

    A text from right to left has its own direction, and nothing around it gets that.
    """
    authors = ", ".join(map(_author, shown.entry.authors))
    byline = f'<p dir="auto">{authors}</p>\n' if authors else ""
    paragraphs = "<br>\n".join(_WRITER.paragraphs(shown.match.abstract))
    said = " · ".join(map(_WRITER.line, notes(shown.paper)))
    besides = f'\n<p dir="auto"><small>{said}</small></p>' if said else ""
    return f'{byline}<p dir="auto">{paragraphs}</p>{besides}'


def _author(author: str | Badge) -> str:
    """A name, which is strong where the author is followed."""
    if isinstance(author, Badge):
        return _strong(author, escape(on_one_line(author.text)))
    return escape(on_one_line(author))


def digest_html(papers: Sequence[Shown], links: Sequence[str]) -> str:
    """The titles of a digest's papers with their links."""
    if not papers:
        return "<p>No paper of this day is on your topics.</p>"
    items = (
        f'<li dir="auto"><a href="{escape(link)}">{escape(title_of(shown))}</a></li>'
        for shown, link in zip(papers, links, strict=True)
    )
    return "<ul>\n{}\n</ul>".format("\n".join(items))


def _strong(_: Badge, html: str) -> str:
    return f"<strong>{html}</strong>"


_WRITER = HtmlWriter(fit, _strong)
