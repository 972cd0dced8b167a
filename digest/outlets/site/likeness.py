"""Which papers of the last days are about the same, by the index of words of `writer.order`.

A paper's two dozen words that few of the others have choose candidates. Of these, those are like it
whose words as a whole are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nsmallest

from digest.writer.order.index import Index, Text, product

#: Days back, the day itself included.
WINDOW = timedelta(days=30)

_TELLING = 24

#: A word that more than this share of the papers have does not choose candidates.
_FREQUENT = 0.1

#: Papers that are looked at closely, the least likeness of two that are alike, how many are named.
_LIKELY = 6
_LEAST = 0.15
_MOST = 3

#: Words of an arXiv paper, those of its title three times: the papers here come and go.
_USUAL_LENGTH = 140


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A paper in a digest."""

    day: date
    paper: str


class Likeness:
    """The papers of some days; they come and go as the days pass."""

    def __init__(self) -> None:
        self._index = Index(_USUAL_LENGTH)
        self._places: dict[int, Place] = {}
        self._numbers: dict[Place, int] = {}
        self._asked: dict[int, dict[str, float]] = {}
        self._papers: Counter[date] = Counter()
        self._next = 0

    @property
    def days(self) -> set[date]:
        """The days whose papers are here."""
        return set(self._papers)

    def add(self, day: date, papers: Iterable[tuple[str, str, str]]) -> None:
        """Take in the papers of a day: id, title and abstract of each."""
        for paper, title, abstract in papers:
            number, self._next = self._next, self._next + 1
            place = Place(day, paper)
            text = Text(title, abstract)
            self._places[number], self._numbers[place] = place, number
            self._asked[number] = text.asked
            self._index.add(number, text)
            self._papers[day] += 1

    def drop(self, day: date) -> None:
        """Forget the papers of a day."""
        del self._papers[day]
        for place in [place for place in self._numbers if place.day == day]:
            number = self._numbers.pop(place)
            self._index.drop(number)
            del self._places[number], self._asked[number]

    def like(self, place: Place) -> list[Place]:
        """At most three papers here that are about the same, the most similar first."""
        own = self._numbers[place]
        asked = {word: much * self._index.rareness(word) for word, much in self._asked[own].items()}
        scale = product(asked, self._index.of(own)) or 1.0
        found = [
            (-product(asked, self._index.of(other)) / scale, self._places[other])
            for other in self._index.candidates(self._telling(asked), _LIKELY + 1)
            if other != own
        ]
        found.sort()
        return [other for minus, other in found[:_MOST] if -minus >= _LEAST]

    def _telling(self, asked: Mapping[str, float]) -> dict[str, float]:
        """The words that tell a paper, the most telling first."""
        frequent = max(len(self._places) * _FREQUENT, 2)
        known = (
            (-much, word)
            for word, much in asked.items()
            if 1 < self._index.holders(word) <= frequent
        )
        return {word: -minus for minus, word in nsmallest(_TELLING, known)}
