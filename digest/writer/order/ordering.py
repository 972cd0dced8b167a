"""What puts the papers of a digest in order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from digest.matcher import Match
from digest.model import Paper, sequence_of


@dataclass(frozen=True, slots=True)
class Relevance:
    """How like a paper is to the library: `score` from 0 to 100, and the words that made it.

    At most three words for it and three `against` it, the one that tells most first.
    The order goes by the score, or by places in it and in the order by meaning of a `model`.
    """

    score: int
    words: tuple[str, ...]
    against: tuple[str, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True, order=True)
class LibraryPaper:
    """What is known of a paper in the library; `paper` is its base arXiv id, "" if it has none.

    `added` is the ISO day on which it came into the library, "" if that is not known.
    """

    title: str
    abstract: str = ""
    paper: str = ""
    added: str = ""
    liked: bool = True


class Placed(NamedTuple):
    """A paper of a digest in its place; `relevance` is None where the order does not go by it."""

    paper: Paper
    match: Match
    relevance: Relevance | None = None


class Ordering(Protocol):
    """An order of papers: a function of the papers of one digest and of nothing else."""

    @property
    def name(self) -> str:
        """Equal for orders that place all papers alike."""

    @property
    def library(self) -> Sequence[LibraryPaper]:
        """The papers that others are compared with."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of what the order was made of."""

    def placed(self, kept: Iterable[tuple[Paper, Match]]) -> list[Placed]:
        """The papers of one digest, in their order."""


class NewestFirst:
    """Newest submission first; of equal times the higher arXiv id first."""

    name = "newest"
    library: tuple[LibraryPaper, ...] = ()
    notes: tuple[str, ...] = ()

    def placed(self, kept: Iterable[tuple[Paper, Match]]) -> list[Placed]:
        """The papers of one digest, in their order."""
        return [Placed(paper, match) for paper, match in in_order(kept)]


def in_order(kept: Iterable[tuple[Paper, Match]]) -> list[tuple[Paper, Match]]:
    """Papers with the newest submission first; of equal times the higher arXiv id first."""
    return sorted(kept, key=lambda pair: _recency(pair[0]), reverse=True)


def _recency(paper: Paper) -> tuple[datetime, int, int, str]:
    """Sorts by submission, then by id: all old-style ids (`hep-th/9901001`) are older."""
    archive, _, number = paper.id.rpartition("/")
    return paper.published, sequence_of(paper.id) or 0, int(number) if archive else 0, archive
