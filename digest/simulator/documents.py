"""Papers as the search index sees them: words and their stems, field by field.

A word is a run of letters or digits, without accents and in lower case; `low-bit` is two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Final

from digest.model import Paper

_WORD = re.compile(r"[^\W_]+")

#: Between the parts of a document no phrase goes on.
_BORDER: Final = " | "

_SUFFIXES: Final = (
    "ations",
    "ation",
    "ions",
    "ities",
    "ers",
    "ing",
    "ity",
    "ion",
    "ies",
    "ed",
    "er",
)


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
        """The stems of a field, separated by blanks, with one at both ends."""
        if field not in self._stems:
            parts = (" ".join(map(stem, words_of(part))) for part in self._parts[field])
            self._stems[field] = f" {_BORDER.join(parts)} "
        return self._stems[field]

    def words(self, field: str) -> str:
        """The same with whole words."""
        return f" {_BORDER.join(' '.join(words_of(part)) for part in self._parts[field])} "

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


def folded(text: str) -> str:
    """Lower case and without accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


def words_of(text: str) -> list[str]:
    """The words of a text, in order."""
    return _WORD.findall(folded(text))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A word without its English ending: `pruned`, `prunes`, `pruning` and `prune` are one.

    Coarser than a real stemmer in places; short words stay as they are.
    """
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    ending = next((end for end in _SUFFIXES if word.endswith(end) and len(word) > len(end) + 2), "")
    word = word.removesuffix(ending)
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word
