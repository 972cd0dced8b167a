"""Made-up prose that packs like the abstracts of arXiv.

The simulator's sentences repeat so much that they pack nine times as well as they stand, where real
abstracts pack three times. How large an archive is has to be measured on texts that pack like real
ones: made-up words as frequent as words are (G. K. Zipf, "Human Behavior and the Principle of Least
Effort", 1949), in phrases that come again, each paper with the words of its field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from random import Random

from digest.model import Paper

_SYLLABLES = [
    first + vowel + last
    for first in ("", "b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "tr", "st", "v")
    for vowel in "aeiou"
    for last in ("", "", "l", "n", "r", "s", "t", "m")
]
_COMMON, _RARE, _FIELDS, _OF_A_FIELD, _PHRASES = 250, 60_000, 150, 300, 12_000
#: How often the next piece of a sentence is a phrase, a common word, a word of the field.
_KINDS = {"phrase": 0.10, "common": 0.42, "field": 0.28, "rare": 0.20}
_LENGTH = (120, 230)  #: words of an abstract


class Prose:
    """Writes abstracts; the same seed, the same ones."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        words = [self._word(rank) for rank in range(_COMMON + _RARE)]
        self._common, self._rare = words[:_COMMON], words[_COMMON:]
        self._fields = [self._chance.sample(self._rare, _OF_A_FIELD) for _ in range(_FIELDS)]
        self._weights = {size: _zipf(size) for size in (_COMMON, _RARE, _OF_A_FIELD, _PHRASES)}
        self._phrases = [self._phrase() for _ in range(_PHRASES)]

    def of(self, paper: Paper) -> Paper:
        """The paper with another abstract."""
        return replace(paper, abstract=self.abstract())

    def abstract(self) -> str:
        """One abstract."""
        field = self._chance.choice(self._fields)
        left, sentences = self._chance.randint(*_LENGTH), []
        while left > 0:
            words = " ".join(self._pieces(field, self._chance.randint(12, 30))).split()
            sentences.append(" ".join(words).capitalize() + ".")
            left -= len(words)
        return " ".join(sentences)

    def _pieces(self, field: Sequence[str], number: int) -> list[str]:
        kinds = self._chance.choices(list(_KINDS), list(_KINDS.values()), k=number)
        return [self._piece(kind, field) for kind in kinds]

    def _piece(self, kind: str, field: Sequence[str]) -> str:
        if kind == "phrase":
            return self._chosen(self._phrases)
        return self._chosen({"common": self._common, "field": field, "rare": self._rare}[kind])

    def _phrase(self) -> str:
        return " ".join(
            self._chosen(self._common if self._chance.random() < 0.5 else self._rare)
            for _ in range(self._chance.randint(2, 4))
        )

    def _chosen(self, words: Sequence[str]) -> str:
        return self._chance.choices(words, cum_weights=self._weights[len(words)])[0]

    def _word(self, rank: int) -> str:
        """Frequent words are short."""
        syllables = 1 + (rank > 60) + (rank > 1000) + (self._chance.random() < 0.5)
        return "".join(self._chance.choice(_SYLLABLES) for _ in range(syllables))


def _zipf(size: int) -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, size + 1)))
