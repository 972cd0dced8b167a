"""Which paper stands where in a digest, and under what title and link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from digest.model import SOURCE, Badge, Digest, Entry, Marked, Paper, Style, sequence_of


class Marking(Protocol):
    """What a matcher says about a paper; only its badges are shown."""

    @property
    def abstract(self) -> Marked:
        """The abstract with badges."""

    @property
    def followed(self) -> Sequence[Badge]:
        """The badges of authors, each with the name as the paper has it."""


_Marking = TypeVar("_Marking", bound=Marking)


def compose(day: date, kept: Iterable[tuple[Paper, Marking]], style: Style = SOURCE) -> Digest:
    """The digest of a day: newest submission first; of equal times the higher arXiv id first.

    The source style leaves the colons out of titles and links to the version shown; the clean
    style keeps the colons and links to the paper, whatever its newest version.
    """
    ordered = in_order(kept)
    return Digest(day, tuple(entry_of(paper, marking, style) for paper, marking in ordered), style)


def in_order(kept: Iterable[tuple[Paper, _Marking]]) -> list[tuple[Paper, _Marking]]:
    """Papers in the order of a digest."""
    return sorted(kept, key=lambda pair: _recency(pair[0]), reverse=True)


def entry_of(paper: Paper, marking: Marking, style: Style) -> Entry:
    """A paper as a digest shows it."""
    badges = {badge.text: badge for badge in marking.followed}
    names = filter(None, map(_folded, paper.authors))
    return Entry(
        _folded(paper.title if style.colons else paper.title.replace(":", "")),
        tuple(badges.get(name, name) for name in names),
        paper.published.date(),
        paper.url if style.versions else f"https://arxiv.org/abs/{paper.id}",
        marking.abstract,
    )


def _recency(paper: Paper) -> tuple[datetime, int, int, str]:
    """Sorts by submission, then by id: all old-style ids (`hep-th/9901001`) are older."""
    archive, _, number = paper.id.rpartition("/")
    return paper.published, sequence_of(paper.id) or 0, int(number) if archive else 0, archive


def _folded(text: str) -> str:
    return " ".join(text.split())
