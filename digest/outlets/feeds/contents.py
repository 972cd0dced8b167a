"""What an item shows: HTML in which every text of a stranger is text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from digest.model import Badge, Marked
from digest.writer.editions import Shown

#: What no XML document can hold in whatever notation, the control characters that none should
#: (https://www.w3.org/TR/xml/#charsets; readers take those for letters of Windows), and what turns
#: the direction of writing, beyond a title and into what a reader shows beside it.
_UNFIT = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_PARAGRAPH = re.compile(r"\n(?=[ \t])|\n\s*\n")


def fit(text: str) -> str:
    """A text with the replacement character for what a feed cannot or should not hold."""
    return _UNFIT.sub("\ufffd", text)


def on_one_line(text: str) -> str:
    """The same, with its white space folded."""
    return " ".join(fit(text).split())


def title_of(shown: Shown) -> str:
    """A paper's title; its id if it has none, since a feed's items need one."""
    return on_one_line(shown.paper.title) or shown.paper.id


def paper_html(shown: Shown) -> str:
    """A paper's authors and its abstract; what has a badge is strong."""
    authors = ", ".join(map(_author, shown.entry.authors))
    byline = f'<p dir="auto">{authors}</p>\n' if authors else ""
    return f"{byline}{_abstract(shown.entry.abstract)}"


def _author(author: str | Badge) -> str:
    """A name, which is strong where the author is followed."""
    if isinstance(author, Badge):
        return f"<strong>{escape(on_one_line(author.text))}</strong>"
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


def _abstract(marked: Marked) -> str:
    pieces = (
        f"<strong>{escape(fit(piece.text))}</strong>"
        if isinstance(piece, Badge)
        else _PARAGRAPH.sub("<br>\n", escape(fit(piece)))
        for piece in marked
    )
    # A text from right to left has its own direction, and nothing around it gets that.
    return f'<p dir="auto">{"".join(pieces)}</p>'
