"""The words of a digest that is sent: its name, links, and texts that do no harm. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from digest.model import Badge, Marked, Paper
from digest.model.reports import DayState, counted
from digest.model.tex import pieces, plain, readable
from digest.outlets.facts import marked_title, notes
from digest.writer.editions import Edition, Shown, page_of

#: What has no place in mail or HTML. Line ends and tabs have.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

#: The state of an edition that only tries whether it arrives.
TEST = "test"

#: The state of an edition of papers that joined a digest after it was sent.
ADDITION = "addition"


def subject(edition: Edition) -> str:
    """`arXiv digest 2025-11-28: 2 papers`."""
    more = " more" if edition.state == ADDITION else ""
    papers = counted(len(edition.shown), f"{more} paper".strip())
    return f"arXiv digest {edition.day}: {papers}"


def caution(edition: Edition) -> str:
    """What a reader should know about the day; empty if there is nothing."""
    if edition.state in (DayState.PARTIAL, DayState.UNCONFIRMED):
        return "This day was not complete yet; papers may join it later."
    if edition.state == ADDITION:
        return "These papers joined the digest after it was sent."
    return "This is a test: the papers are invented." if edition.state == TEST else ""


def harmless(text: str) -> str:
    """A text with U+FFFD for every character that a mail cannot carry."""
    return _CONTROL.sub("\ufffd", text)


def folded(text: str) -> str:
    """The same on one line."""
    return " ".join(harmless(text).split())


def title(paper: Paper) -> str:
    """The title, with its colons also where digest files leave them out."""
    return folded(marked_title(paper))


def authors(paper: Paper) -> str:
    """The authors, between commas."""
    return ", ".join(filter(None, map(folded, paper.authors)))


def authors_with_badges(shown: Shown, most: int) -> Marked:
    """The same with the badges of those who are followed; of others the first so many."""
    badges = {folded(badge.text): badge for badge in shown.match.followed}
    names = [badges.get(name, name) for name in filter(None, map(folded, shown.paper.authors))]
    named = [name for at, name in enumerate(names) if at < most or isinstance(name, Badge)]
    pieces: list[str | Badge] = []
    for name in named:
        pieces += [", "] * bool(pieces) + [name]
    left = len(names) - len(named)
    return (*pieces, f" and {left} more") if left else tuple(pieces)


def categories(paper: Paper) -> str:
    """The categories, the primary one first."""
    return ", ".join(filter(None, map(folded, paper.categories)))


def abstract_link(paper: Paper) -> str:
    """Where arXiv has the version that is shown: made from its id, whatever arXiv sent."""
    return f"https://arxiv.org/abs/{quote(paper.id)}v{paper.version}"


def pdf_link(paper: Paper) -> str:
    """Where its PDF is."""
    return f"https://arxiv.org/pdf/{quote(paper.id)}v{paper.version}"


def page_link(site: str, edition: Edition) -> str:
    """Where a digest can be read as a page; empty if it cannot. `site` is [site] url."""
    has_page = bool(site) and edition.state != TEST
    return f"{site.rstrip('/')}/{page_of(edition.day)}" if has_page else ""


def paragraphs(text: str) -> Iterable[str]:
    """The paragraphs of an abstract and the items of its lists."""
    return filter(None, map(folded, "".join(map(plain, pieces(text))).split("\n")))


def notes_of(paper: Paper) -> str:
    """The comment, the journal reference and the DOI on one line; empty if there are none."""
    return folded(" · ".join(map(readable, notes(paper))))
