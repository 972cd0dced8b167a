"""A paper as a digest shows it: under what title and link, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from digest.model import Badge, Entry, Marked, Paper, Style
from digest.writer.format.markdown import readable_abstract, readable_title


class Marking(Protocol):
    """What a matcher says about a paper; only its badges are shown."""

    @property
    def abstract(self) -> Marked:
        """The abstract with badges."""

    @property
    def followed(self) -> Sequence[Badge]:
        """The badges of authors, each with the name as the paper has it."""


def entry_of(paper: Paper, marking: Marking, style: Style) -> Entry:
    """The entry of a paper, from what the matcher found in it."""
    badges = {badge.text: badge for badge in marking.followed}
    names = filter(None, map(_folded, paper.authors))
    title = _folded(paper.title if style.colons else paper.title.replace(":", ""))
    return Entry(
        title if style.raw else readable_title(title),
        tuple(badges.get(name, name) for name in names),
        paper.published.date(),
        paper.url if style.versions else f"https://arxiv.org/abs/{paper.id}",
        marking.abstract if style.raw else readable_abstract(marking.abstract),
    )


def _folded(text: str) -> str:
    return " ".join(text.split())
