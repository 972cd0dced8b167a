"""Which papers are about the same: TF-IDF over the papers of the last days.

A paper is told by its fifteen words that are frequent in it and rare elsewhere; another one is like
it that has several of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nsmallest
from math import log, sqrt

#: Days back, the day itself included.
WINDOW = timedelta(days=30)

_WORD = re.compile(r"[a-z]{3,}")
_TITLE_WEIGHT = 3
_TELLING = 15

#: A word that more than this share of the papers have tells nothing.
_FREQUENT = 0.1

#: Words that two papers have in common at least, and papers that are named at most.
_SHARED = 4
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

    @property
    def days(self) -> set[date]:
        """The days whose papers are here."""
        return {place.day for place in self._numbers}

    def add(self, day: date, papers: Iterable[tuple[str, str, str]]) -> None:
        """Take in the papers of a day: id, title and abstract of each."""
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
        for place in [place for place in self._numbers if place.day == day]:
            number = self._numbers.pop(place)
            for word in self._weights.pop(number):
                del self._holders[word][number]
            del self._places[number], self._lengths[number]

    def like(self, place: Place) -> list[Place]:
        """At most three papers here that are about the same, the most similar first."""
        own = self._numbers[place]
        scores: defaultdict[int, float] = defaultdict(float)
        shared: Counter[int] = Counter()
        for weight, word in self._telling(own):
            holders = self._holders[word]
            shared.update(holders.keys())
            for other, theirs in holders.items():
                scores[other] += weight * theirs
        found = [
            (-scores[other] / self._lengths[other], self._places[other])
            for other, number in shared.items()
            if number >= _SHARED and other != own
        ]
        return [place for _, place in nsmallest(_MOST, found)]

    def _telling(self, number: int) -> Sequence[tuple[float, str]]:
        """The words that tell a paper, with their weights by the square of their rarity."""
        papers = len(self._places)
        frequent = max(papers * _FREQUENT, _SHARED)
        weighted = (
            (weight * log(papers / holders) ** 2, word)
            for word, weight in self._weights[number].items()
            if 1 < (holders := len(self._holders[word])) <= frequent
        )
        return nsmallest(_TELLING, weighted, key=lambda pair: (-pair[0], pair[1]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
