"""One index of words for all that compares papers: BM25 over texts that come and go. Pure.

BM25 is that of S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond" (2009). All sums are made in the order of words, and logarithms are rounded: so they are the
same to the last digit on every machine, with and without numpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from heapq import nlargest
from math import log
from operator import mul
from types import ModuleType
from typing import Any

from digest.writer.order.words import counted_words

_K1 = 3.0
_B = 0.75
_TITLE_WEIGHT = 3
_DIGITS = 9

#: From so many texts on, numpy is quicker than its import takes.
_MANY = 1_000


class Text:
    """How often a text has each word, in reading order; words of the title count three times."""

    __slots__ = ("counts", "forms", "length")

    def __init__(self, title: str, abstract: str) -> None:
        self.counts: dict[str, int] = {}
        self.forms: dict[str, str] = {}
        for text, weight in ((title, _TITLE_WEIGHT), (abstract, 1)):
            for word, form, number in counted_words(text):
                self.counts[word] = self.counts.get(word, 0) + number * weight
                known = self.forms.get(word)
                if known is None or (_is_acronym(known) and not _is_acronym(form)):
                    self.forms[word] = form
        self.length = sum(self.counts.values())

    @property
    def asked(self) -> dict[str, float]:
        """What a question gives for each of its words: ten times is not ten times as much."""
        return _saturated(self.counts, 1.0)

    def shown(self, word: str) -> str:
        """A word as the text has it: in small letters, unless it is an acronym everywhere."""
        form = self.forms[word]
        return form if _is_acronym(form) else form.lower()


class Index:
    """Texts by their words, each under a number. `usual` is the length that texts have mostly."""

    def __init__(self, usual: float) -> None:
        self._usual = usual or 1.0
        self._weights: dict[int, dict[str, float]] = {}
        self._holders: dict[str, dict[int, float]] = {}
        #: The holders of a word as two arrays, as long as none comes or goes.
        self._arrays: dict[str, tuple[Any, Any]] = {}

    def __len__(self) -> int:
        return len(self._weights)

    def add(self, number: int, text: Text) -> None:
        """Take in a text under a number that is not negative and not in use."""
        weights = self._weights[number] = self.weights(text)
        for word, weight in weights.items():
            self._holders.setdefault(word, {})[number] = weight
        self._arrays.clear()

    def drop(self, number: int) -> None:
        """Forget a text."""
        for word in self._weights.pop(number):
            del self._holders[word][number]
            if not self._holders[word]:
                del self._holders[word]
        self._arrays.clear()

    def weights(self, text: Text) -> dict[str, float]:
        """What a text gives for each of its words."""
        norm = 1 - _B + _B * text.length / self._usual
        return _saturated(text.counts, norm)

    def of(self, number: int) -> Mapping[str, float]:
        """The weights of a text that is here."""
        return self._weights[number]

    def holders(self, word: str) -> int:
        """How many texts have a word."""
        return len(self._holders.get(word, ()))

    def rareness(self, word: str) -> float:
        """How few of the texts have a word."""
        return rareness(self.holders(word), len(self))

    def nearest(
        self,
        asked: Mapping[str, float],
        most: int,
        without: int | None = None,
        worth: Sequence[float] | None = None,
    ) -> list[tuple[float, int]]:
        """The texts with the highest sum over the words asked for, above 0, the highest first.

        `worth` multiplies the sums, by the numbers of texts. Of equal sums the lower number is
        first.
        """
        numpy = _numpy() if len(self) >= _MANY else None
        sums = self._sums(asked) if numpy is None else self._quick_sums(numpy, asked, worth, most)
        if worth and numpy is None:
            sums = {number: total * worth[number] for number, total in sums.items()}
        found = [(-total, number) for number, total in sums.items() if number != without and total]
        return [(-minus, number) for minus, number in sorted(found)[:most]]

    def candidates(self, asked: Mapping[str, float], most: int) -> list[int]:
        """The numbers of the texts with the highest sums, in no promised order."""
        sums = self._sums(asked)
        return nlargest(most, sums, key=sums.__getitem__)

    def _sums(self, asked: Mapping[str, float]) -> dict[int, float]:
        sums: dict[int, float] = {}
        for word, weight in asked.items():
            for number, much in self._holders.get(word, {}).items():
                sums[number] = sums.get(number, 0.0) + weight * much
        return sums

    def _quick_sums(
        self,
        numpy: ModuleType,
        asked: Mapping[str, float],
        worth: Sequence[float] | None,
        most: int,
    ) -> dict[int, float]:
        """The highest sums, one more than are wanted and those that are equal to it."""
        known = [word for word in asked if word in self._holders]
        if not known:
            return {}
        found = [self._array(numpy, word) for word in known]
        sums = numpy.bincount(
            numpy.concatenate([numbers for numbers, _ in found]),
            numpy.concatenate([much for _, much in found])
            * numpy.repeat([asked[word] for word in known], [len(much) for _, much in found]),
        )
        if worth:
            sums = sums * numpy.asarray(worth)[: len(sums)]
        place = max(len(sums) - most - 1, 0)
        least = numpy.partition(sums, place)[place]
        (numbers,) = numpy.nonzero(sums >= least)
        return dict(zip(numbers.tolist(), sums[numbers].tolist(), strict=True))

    def _array(self, numpy: ModuleType, word: str) -> tuple[Any, Any]:
        known = self._arrays.get(word)
        if known is None:
            holders = self._holders[word]
            known = self._arrays[word] = (
                numpy.fromiter(holders.keys(), numpy.intp, len(holders)),
                numpy.fromiter(holders.values(), float, len(holders)),
            )
        return known


def product(asked: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The sum over the words in common, in the order of `asked`."""
    shared = list(filter(weights.__contains__, asked))
    # Not by the built-in `sum`, which rounds in another way from Python 3.12 on.
    total = 0.0
    for part in map(mul, map(asked.__getitem__, shared), map(weights.__getitem__, shared)):
        total += part
    return total


@lru_cache(100_000)
def rareness(holders: int, texts: int) -> float:
    """The logarithm of how few have a word; smoothed, so that it is above 0 and finite."""
    return round(log((texts + 1) / (holders + 0.5)), _DIGITS)


def usual_length(texts: Iterable[Text]) -> float:
    """The mean length; 0 of nothing."""
    lengths = [text.length for text in texts]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _saturated(counts: Mapping[str, int], norm: float) -> dict[str, float]:
    most, half = _K1 + 1, _K1 * norm
    return {word: count * most / (count + half) for word, count in counts.items()}


def _is_acronym(form: str) -> bool:
    return sum(map(str.isupper, form)) > 1


@cache
def _numpy() -> ModuleType | None:
    """numpy, if it is installed."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy
