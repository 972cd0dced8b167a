"""Which papers are about the same: TF-IDF over the papers of the last days.

A paper is told by its two dozen words that are frequent in it and rare elsewhere. Of the papers
that have some of them, those are like it whose words as a whole are.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nlargest
from math import log, sqrt
from operator import mul

#: Days back, the day itself included.
WINDOW = timedelta(days=30)

_WORD = re.compile(r"[a-z]{3,}")
_TITLE_WEIGHT = 3
_TELLING = 24

#: A word that more than this share of the papers have tells nothing.
_FREQUENT = 0.1

#: Papers that are looked at closely, the least cosine of two that are alike, how many are named.
_LIKELY = 6
_LEAST = 0.1
_MOST = 3


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A paper in a digest."""

    day: date
    paper: str


class Likeness:
    """The papers of some days; they come and go as the days pass."""

    def __init__(self) -> None:
        self._places: dict[int, Place] = {}
        self._numbers: dict[Place, int] = {}
        self._next = 0
        self._weights: dict[int, dict[str, float]] = {}
        self._lengths: dict[int, float] = {}
        self._holders: defaultdict[str, dict[int, float]] = defaultdict(dict)
        #: As long as no paper comes or goes.
        self._norms: dict[int, float] = {}
        self._rarities: dict[str, float] = {}

    @property
    def days(self) -> set[date]:
        """The days whose papers are here."""
        return {place.day for place in self._numbers}

    def add(self, day: date, papers: Iterable[tuple[str, str, str]]) -> None:
        """Take in the papers of a day: id, title and abstract of each."""
        self._forget_measures()
        for paper, title, abstract in papers:
            number, self._next = self._next, self._next + 1
            place = Place(day, paper)
            self._places[number], self._numbers[place] = place, number
            counts = Counter(_words(title) * _TITLE_WEIGHT + _words(abstract))
            weights = {word: 1 + log(count) for word, count in counts.items()}
            self._weights[number] = weights
            self._lengths[number] = sqrt(sum(weight**2 for weight in weights.values())) or 1.0
            for word, weight in weights.items():
                self._holders[word][number] = weight

    def drop(self, day: date) -> None:
        """Forget the papers of a day."""
        self._forget_measures()
        for place in [place for place in self._numbers if place.day == day]:
            number = self._numbers.pop(place)
            for word in self._weights.pop(number):
                del self._holders[word][number]
            del self._places[number], self._lengths[number]

    def _forget_measures(self) -> None:
        self._norms, self._rarities = {}, {}

    def like(self, place: Place) -> list[Place]:
        """At most three papers here that are about the same, the most similar first."""
        own = self._numbers[place]
        rarity = self._rarity()
        mine = {word: weight * rarity[word] for word, weight in self._weights[own].items()}
        rough: defaultdict[int, float] = defaultdict(float)
        for word in self._telling(mine):
            weight = mine[word]
            for other, theirs in self._holders[word].items():
                rough[other] += weight * theirs
        rough.pop(own, None)
        lengths = self._lengths
        scores = {other: score / lengths[other] for other, score in rough.items()}
        likely = nlargest(_LIKELY, scores, key=scores.__getitem__)
        norm = self._norm(own)
        found = [
            (-_product(mine, self._weights[other]) / (norm * self._norm(other)), other)
            for other in likely
        ]
        found.sort(key=lambda pair: (pair[0], self._places[pair[1]]))
        return [self._places[other] for minus, other in found[:_MOST] if -minus >= _LEAST]

    def _norm(self, number: int) -> float:
        """The length of a paper's words, each by its weight and its rarity."""
        known = self._norms.get(number)
        if known is None:
            words = self._weights[number]
            squares = map(mul, words.values(), words.values())
            known = sqrt(sum(map(mul, squares, map(self._rarity().__getitem__, words)))) or 1.0
            self._norms[number] = known
        return known

    def _rarity(self) -> dict[str, float]:
        """How rare each word is among the papers that are here, squared."""
        if not self._rarities:
            papers = len(self._places)
            self._rarities = {
                word: log(papers / len(holders)) ** 2
                for word, holders in self._holders.items()
                if holders
            }
        return self._rarities

    def _telling(self, weights: Mapping[str, float]) -> list[str]:
        """The words that tell a paper, the most telling first."""
        frequent = max(len(self._places) * _FREQUENT, 2)
        holders = self._holders
        weighted = [
            (-weight, word)
            for word, weight in weights.items()
            if 1 < len(holders[word]) <= frequent
        ]
        return [word for _, word in sorted(weighted)[:_TELLING]]


def _product(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """The sum over the words in common, in the order of `mine`: the same to the last digit."""
    words = list(filter(theirs.__contains__, mine))
    shared: float = sum(map(mul, map(mine.__getitem__, words), map(theirs.__getitem__, words)))
    return shared


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
