"""Which papers are about the same: TF-IDF over the papers of the last days.

A paper is told by its twenty words that are frequent in it and rare elsewhere; another one is like
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
_TELLING = 20
_SHARED = 4
_MOST = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A paper in a digest."""

    day: date
    paper: str


class Likeness:
    """The papers of some days; they come and go as the days pass."""

    def __init__(self) -> None:
        self._places: dict[date, list[Place]] = {}
        self._weights: dict[Place, dict[str, float]] = {}
        self._lengths: dict[Place, float] = {}
        self._holders: defaultdict[str, dict[Place, float]] = defaultdict(dict)

    @property
    def days(self) -> set[date]:
        """The days whose papers are here."""
        return set(self._places)

    def add(self, day: date, papers: Iterable[tuple[str, str, str]]) -> None:
        """Take in the papers of a day: id, title and abstract of each."""
        self._places[day] = []
        for paper, title, abstract in papers:
            place = Place(day, paper)
            counts = Counter(_words(title) * _TITLE_WEIGHT + _words(abstract))
            weights = {word: 1 + log(count) for word, count in counts.items()}
            self._places[day].append(place)
            self._weights[place] = weights
            self._lengths[place] = sqrt(sum(weight**2 for weight in weights.values())) or 1.0
            for word, weight in weights.items():
                self._holders[word][place] = weight

    def drop(self, day: date) -> None:
        """Forget the papers of a day."""
        for place in self._places.pop(day):
            for word in self._weights.pop(place):
                del self._holders[word][place]
            del self._lengths[place]

    def like(self, place: Place) -> list[Place]:
        """At most three papers here that are about the same, the most similar first."""
        scores: defaultdict[Place, float] = defaultdict(float)
        shared: Counter[Place] = Counter()
        for weight, word in self._telling(place):
            for other, theirs in self._holders[word].items():
                scores[other] += weight * theirs
                shared[other] += 1
        found = [
            (-score / self._lengths[other], other.day, other.paper)
            for other, score in scores.items()
            if shared[other] >= _SHARED and other != place
        ]
        return [Place(day, paper) for _, day, paper in nsmallest(_MOST, found)]

    def _telling(self, place: Place) -> Sequence[tuple[float, str]]:
        """The words that tell a paper, with their weights by the square of their rarity."""
        number = len(self._lengths)
        weighted = (
            (weight * log(number / len(self._holders[word])) ** 2, word)
            for word, weight in self._weights[place].items()
            if len(self._holders[word]) > 1
        )
        return nsmallest(_TELLING, weighted, key=lambda pair: (-pair[0], pair[1]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
