"""Papers as the search index sees them: words and their stems, field by field."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

from digest.model import Paper
from digest.simulator.analyzers import english, tokens

#: Between the parts of a document no phrase goes on.
_BORDER: Final = " | "


class Document:
    """One version of a paper as the index sees it; the text is fetched when a term needs it.

    `key` tells the documents of one index apart.
    """

    def __init__(
        self,
        submitted: int,
        categories: Callable[[], tuple[str, ...]],
        paper: Callable[[], Paper],
        key: int = 0,
    ) -> None:
        self.key = key
        self.submitted = submitted
        self._categories = categories
        self._paper = paper
        self._stems: dict[str, str] = {}
        self._words: dict[str, str] = {}

    @classmethod
    def of(cls, paper: Paper) -> Document:
        """The document of a paper at hand."""
        return cls(int(paper.published.timestamp()), lambda: paper.categories, lambda: paper)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories, the primary one first."""
        return self._categories()

    @cached_property
    def paper(self) -> Paper:
        """The whole paper."""
        return self._paper()

    def stems(self, field: str) -> str:
        """The English stems of a field, separated by blanks, with one at both ends."""
        if field not in self._stems:
            parts = (" ".join(map(english, words)) for words in self._tokens(field))
            self._stems[field] = f" {_BORDER.join(parts)} "
        return self._stems[field]

    def words(self, field: str) -> str:
        """The same with the words as they are."""
        if field not in self._words:
            self._words[field] = f" {_BORDER.join(map(' '.join, self._tokens(field)))} "
        return self._words[field]

    def _tokens(self, field: str) -> list[list[str]]:
        return [tokens(part) for part in self._parts[field]]

    @cached_property
    def _parts(self) -> dict[str, tuple[str, ...]]:
        paper = self.paper
        fields = {
            "ti": (paper.title,),
            "abs": (paper.abstract,),
            "au": paper.authors,
            "co": (paper.comment or "",),
            "jr": (paper.journal_ref or "",),
            "rn": (),
        }
        return fields | {"all": tuple(part for parts in fields.values() for part in parts)}
