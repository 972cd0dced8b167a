"""The words of a digest that is sent: its name, links, and texts that do no harm. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from digest.model import Badge, Marked, Paper
from digest.model.reports import DayState, counted
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
    if edition.state == DayState.PARTIAL:
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
    return folded(paper.title)


def authors(paper: Paper) -> str:
    """The authors, between commas."""
    return ", ".join(filter(None, map(folded, paper.authors)))


def authors_with_badges(shown: Shown) -> Marked:
    """The same with the badges of those who are followed."""
    badges = {folded(badge.text): badge for badge in shown.match.followed}
    pieces: list[str | Badge] = []
    for name in filter(None, map(folded, shown.paper.authors)):
        pieces += [", "] * bool(pieces) + [badges.get(name, name)]
    return tuple(pieces)


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
    """The paragraphs of an abstract: arXiv begins a new one with a line that is set in."""
    return filter(None, map(folded, re.split(r"\n[ \t]+|\n{2,}", harmless(text))))
