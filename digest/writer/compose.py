"""Which paper stands where in a digest, and under what title."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from digest.model import Digest, Entry, Marked, Paper, sequence_of


class Marking(Protocol):
    """What a matcher says about a paper; only its badges are shown."""

    @property
    def abstract(self) -> Marked:
        """The abstract with badges."""


def compose(day: date, kept: Iterable[tuple[Paper, Marking]]) -> Digest:
    """The digest of a day: newest submission first; of equal times the higher arXiv id first."""
    ordered = sorted(kept, key=lambda pair: _recency(pair[0]), reverse=True)
    return Digest(day, tuple(_entry(paper, marking.abstract) for paper, marking in ordered))


def _recency(paper: Paper) -> tuple[datetime, int, int, str]:
    """Sorts by submission, then by id: all old-style ids (`hep-th/9901001`) are older."""
    archive, _, number = paper.id.rpartition("/")
    return paper.published, sequence_of(paper.id) or 0, int(number) if archive else 0, archive


def _entry(paper: Paper, abstract: Marked) -> Entry:
    authors = tuple(filter(None, map(_folded, paper.authors)))
    title = _folded(paper.title.replace(":", ""))
    return Entry(title, authors, paper.published.date(), paper.url, abstract)


def _folded(text: str) -> str:
    return " ".join(text.split())
