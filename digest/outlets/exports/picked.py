"""A paper that was picked for an export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from digest.model import Badge, Marked, Paper


@dataclass(frozen=True, slots=True)
class Picked:
    """A paper with the digest it is in.

    `day` is the digest's, `announced` the day on which arXiv made this version public,
    `first_announced` the one of the first version; `abstract` has the badges.
    """

    paper: Paper
    day: date
    announced: date
    first_announced: date
    topics: tuple[str, ...]
    abstract: Marked

    @property
    def badges(self) -> tuple[str, ...]:
        """The words of the badges in reading order, each once."""
        texts = (piece.text for piece in self.abstract if isinstance(piece, Badge))
        return tuple(dict.fromkeys(texts))

    @property
    def link(self) -> str:
        """arXiv's page of the paper, whatever its newest version."""
        return f"https://arxiv.org/abs/{self.paper.id}"
