"""Papers by their likeness to a library: BM25 with the library's papers as documents. Pure.

BM25 is that of S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond" (2009). Each paper of a digest is a query, which takes the words of the paper as often as
a document does. Other than there, a word tells as much as it is rare both in the library and in
the digest: what all of today's papers have tells none of them from the others.

All sums are made in the order of a text and of the sorted library, so that they are the same to
the last digit wherever and whenever they are made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from math import log

from digest.matcher import Match
from digest.model import Paper
from digest.writer.order.ordering import Placed, Relevance, in_order
from digest.writer.order.words import words

_K1 = 1.2
_B = 0.75
_TITLE_WEIGHT = 3

#: A paper is as relevant as it is like so many papers of the library, on average.
_NEAREST = 3
_SHOWN = 3
#: What differs less differs by a processor's arithmetic.
_DIGITS = 9


@dataclass(frozen=True, slots=True, order=True)
class LibraryPaper:
    """What is known of a paper in the library; `paper` is its base arXiv id, "" if it has none."""

    title: str
    abstract: str = ""
    paper: str = ""


class _Text:
    """How often a text has each word, in reading order; words of the title count three times."""

    __slots__ = ("counts", "forms", "length")

    def __init__(self, title: str, abstract: str) -> None:
        self.counts: dict[str, int] = {}
        self.forms: dict[str, str] = {}
        for text, weight in ((title, _TITLE_WEIGHT), (abstract, 1)):
            for word, form in words(text):
                self.counts[word] = self.counts.get(word, 0) + weight
                known = self.forms.get(word)
                if known is None or (_is_acronym(known) and not _is_acronym(form)):
                    self.forms[word] = form
        self.length = sum(self.counts.values())

    def shown(self, word: str) -> str:
        """A word as the text has it: in small letters, unless it is an acronym everywhere."""
        form = self.forms[word]
        return form if _is_acronym(form) else form.lower()


@dataclass(frozen=True, slots=True)
class _Likeness:
    """A number from 0 to 1, and the words that made it."""

    score: float
    words: tuple[str, ...]


class ByRelevance:
    """The papers that are most like a library first; of those that are as like, the newest first.

    The library is prepared once, for any number of digests. `notes` are of whoever read it.
    """

    def __init__(self, library: Iterable[LibraryPaper], notes: tuple[str, ...] = ()) -> None:
        papers = _each_once(library)
        self.name = sha256(repr(papers).encode("utf-8", "surrogatepass")).hexdigest()
        self.notes = notes
        self._numbers = {one.paper: number for number, one in enumerate(papers) if one.paper}
        texts = [_Text(one.title, one.abstract) for one in papers]
        self._average = sum(text.length for text in texts) / len(texts) if texts else 0.0
        #: What each word counts in each paper, and the same for each word.
        self._papers = [
            {word: self._weight(count, text.length) for word, count in text.counts.items()}
            for text in texts
        ]
        self._holders: dict[str, list[tuple[int, float]]] = {}
        for number, weights in enumerate(self._papers):
            for word, weight in weights.items():
                self._holders.setdefault(word, []).append((number, weight))

    def placed(self, kept: Iterable[tuple[Paper, Match]]) -> list[Placed]:
        """The papers of one digest, in their order."""
        newest_first = in_order(kept)
        texts = [_Text(paper.title, paper.abstract) for paper, _ in newest_first]
        holders = Counter(word for text in texts for word in text.counts)
        rarity = {
            word: (self._rareness(word) + _rareness(number, len(texts))) / 2
            for word, number in holders.items()
        }
        found = [
            (self._likeness(paper.id, text, rarity), paper, match)
            for (paper, match), text in zip(newest_first, texts, strict=True)
        ]
        found.sort(key=lambda each: -each[0].score)
        return [
            Placed(paper, match, Relevance(round(100 * likeness.score), likeness.words))
            for likeness, paper, match in found
        ]

    def _likeness(self, paper: str, text: _Text, rarity: Mapping[str, float]) -> _Likeness:
        asked = {word: rarity[word] * _saturated(n, 1.0) for word, n in text.counts.items()}
        sums = [0.0] * len(self._papers)
        own = 0.0
        for word, weight in asked.items():
            own += weight * self._weight(text.counts[word], text.length)
            for number, much in self._holders.get(word, ()):
                sums[number] += weight * much
        # A paper is no witness of its own.
        itself = self._numbers.get(paper)
        others = ((-total, number) for number, total in enumerate(sums) if number != itself)
        nearest = nsmallest(_NEAREST, others)
        if not nearest or not own:
            return _Likeness(0.0, ())
        score = sum(min(-minus / own, 1.0) for minus, _ in nearest) / len(nearest)
        telling = self._telling(asked, [self._papers[number] for _, number in nearest])
        return _Likeness(round(score, _DIGITS), tuple(map(text.shown, telling)))

    def _telling(
        self, asked: Mapping[str, float], nearest: Sequence[Mapping[str, float]]
    ) -> Iterator[str]:
        """The words that the likeness to the nearest papers is made of."""
        made = {
            word: weight * sum(weights[word] for weights in nearest if word in weights)
            for word, weight in asked.items()
        }
        most = nsmallest(_SHOWN, ((-round(much, _DIGITS), word) for word, much in made.items()))
        return (word for minus, word in most if minus)

    def _rareness(self, word: str) -> float:
        return _rareness(len(self._holders.get(word, ())), len(self._papers))

    def _weight(self, count: int, length: int) -> float:
        """What a document of so many words gives for one that it has `count` times."""
        relative = length / self._average if self._average else 1.0
        return _saturated(count, 1 - _B + _B * relative)


def _saturated(count: int, norm: float) -> float:
    return count * (_K1 + 1) / (count + _K1 * norm)


def _rareness(holders: int, all_texts: int) -> float:
    """The logarithm of how few have a word; smoothed, so that it is above 0 and finite."""
    return log((all_texts + 1) / (holders + 0.5))


def _is_acronym(form: str) -> bool:
    return sum(map(str.isupper, form)) > 1


def _each_once(library: Iterable[LibraryPaper]) -> list[LibraryPaper]:
    """A library in an order of its own; of what has the same arXiv id, that which tells most."""
    found: dict[object, LibraryPaper] = {}
    for one in sorted(set(library), key=lambda one: (len(one.abstract), one)):
        found[one.paper or one] = one
    return sorted(found.values())
