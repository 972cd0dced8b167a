"""Papers by their likeness to a library: BM25 with the library's papers as documents. Pure.

Each paper of a digest is a query, which takes the words of the paper as often as a document does.
Other than in BM25, a word tells as much as it is rare both in the library and in the digest: what
all of today's papers have tells none of them from the others.

What the reader does not like is a library of its own, whose likeness counts against a paper.
Figures for every choice: docs/decisions/014-ranking.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from heapq import nsmallest

from digest.matcher import Match
from digest.model import Paper
from digest.writer.order.index import Index, Text, product, rareness, usual_length
from digest.writer.order.ordering import LibraryPaper, Placed, Relevance, in_order

#: A paper is as relevant as it is like so many papers of the library, on average.
_NEAREST = 3
#: The same of papers that are not liked, and how much their likeness takes away.
_NEAREST_DISLIKED = 2
_AGAINST = 0.25

#: After so many days an entry counts for three quarters, and never for less than half.
_HALF_LIFE = 365
_LEAST = 0.5

_SHOWN = 3
#: What differs less differs by a processor's arithmetic.
_DIGITS = 9


#: The vectors of texts, each a title and an abstract; None if one cannot be had.
VectorsOf = Callable[[Sequence[tuple[str, str]]], "Sequence[bytes] | None"]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """A number from 0 to 1, and what each word gives to it."""

    score: float
    words: Mapping[str, float]


class _Shelf:
    """The liked or the disliked papers of a library, by their words."""

    def __init__(self, papers: Sequence[LibraryPaper], nearest: int) -> None:
        self.papers = papers
        texts = [Text(one.title, one.abstract) for one in papers]
        self.index = Index(usual_length(texts))
        self._nearest = min(nearest, len(papers))
        self._worth = _worth(papers)
        self._is_dated = any(one.added for one in papers)
        self._numbers = {one.paper: number for number, one in enumerate(papers) if one.paper}
        for number, text in enumerate(texts):
            self.index.add(number, text)

    def rarity(self, today: Mapping[str, float]) -> Mapping[str, float]:
        """How much each word of today's papers tells."""
        if not self.papers:
            return today
        return {word: (self.index.rareness(word) + much) / 2 for word, much in today.items()}

    def meant(
        self, papers: Sequence[Paper], own: Sequence[bytes], vectors: Sequence[bytes]
    ) -> list[float]:
        """The likeness of papers by their vectors and those of the shelf."""
        if not self.papers:
            return [0.0] * len(papers)
        from digest.writer.order.meaning import cosines

        found = []
        for paper, row in zip(papers, cosines(own, vectors), strict=True):
            itself = self._numbers.get(paper.id)
            likeness = (
                -cosine * self._worth[number]
                for number, cosine in enumerate(row)
                if number != itself
            )
            found.append(-sum(nsmallest(self._nearest, likeness)) / self._nearest)
        return found

    def likeness(self, paper: str, text: Text, rarity: Mapping[str, float]) -> _Likeness:
        if not self._nearest:
            return _Likeness(0.0, {})
        asked = {word: rarity[word] * much for word, much in text.asked.items()}
        own = product(asked, self.index.weights(text))
        # A paper is no witness of its own.
        itself = self._numbers.get(paper)
        worth = self._worth if self._is_dated else None
        found = self.index.nearest(asked, self._nearest, itself, worth)
        if not found or not own:
            return _Likeness(0.0, {})
        score = sum(min(total / own, 1.0) for total, _ in found) / self._nearest
        nearest = [(self.index.of(number), self._worth[number]) for _, number in found]
        scale = own * self._nearest
        made: dict[str, float] = {}
        for words, much in nearest:
            for word in filter(words.__contains__, asked):
                made[word] = made.get(word, 0.0) + asked[word] * much * words[word] / scale
        return _Likeness(score, made)


class ByRelevance:
    """The papers that are most like a library first; of those that are as like, the newest first.

    The library is prepared once, for any number of digests. `notes` are of whoever read it.
    `vectors` gives those of texts by a `model`, None if one of them cannot be had.
    """

    def __init__(
        self,
        library: Iterable[LibraryPaper],
        notes: tuple[str, ...] = (),
        model: str = "",
        vectors: VectorsOf | None = None,
    ) -> None:
        self.library = each_once(library)
        self.name = name_of(self.library)
        self.notes = notes
        self.model = model
        self.vectors = vectors
        liked = [one for one in self.library if one.liked]
        self._liked = _Shelf(liked, _NEAREST)
        disliked = [one for one in self.library if not one.liked]
        self._disliked = _Shelf(disliked, _NEAREST_DISLIKED)

    def __getstate__(self) -> dict[str, object]:
        """Without `vectors`: another process gets its own."""
        return {**self.__dict__, "vectors": None}

    def placed(self, kept: Iterable[tuple[Paper, Match]]) -> list[Placed]:
        """The papers of one digest, in their order."""
        newest_first = in_order(kept)
        texts = [Text(paper.title, paper.abstract) for paper, _ in newest_first]
        holders = Counter(word for text in texts for word in text.counts)
        today = {word: rareness(number, len(texts)) for word, number in holders.items()}
        liked, disliked = self._liked.rarity(today), self._disliked.rarity(today)
        found = [
            self._relevance(paper.id, text, liked, disliked)
            for (paper, _), text in zip(newest_first, texts, strict=True)
        ]
        papers = [paper for paper, _ in newest_first]
        scores, model = [score for score, _ in found], ""
        meant = self._by_meaning(papers) if self.model and papers else None
        if meant is not None:
            from digest.writer.order.meaning import fused  # as numpy takes time to import

            scores, model = fused(scores, meant), self.model
        order = sorted(range(len(found)), key=lambda number: -scores[number])
        return [
            Placed(*newest_first[number], replace(found[number][1], model=model))
            for number in order
        ]

    def _by_meaning(self, papers: Sequence[Paper]) -> list[float] | None:
        """A score for each paper; None if there is nothing to compare, or a vector is missing."""
        shelves = (self._liked, self._disliked)
        texts = [(one.title, one.abstract) for one in papers]
        texts += [(one.title, one.abstract) for shelf in shelves for one in shelf.papers]
        vectors = self.vectors(texts) if self.vectors and self._liked.papers else None
        if vectors is None:
            return None
        ends = (len(papers), len(papers) + len(self._liked.papers))
        own = vectors[: ends[0]]
        pro = self._liked.meant(papers, own, vectors[ends[0] : ends[1]])
        contra = self._disliked.meant(papers, own, vectors[ends[1] :])
        return [
            round(one - _AGAINST * other, _DIGITS) for one, other in zip(pro, contra, strict=True)
        ]

    def _relevance(
        self, paper: str, text: Text, liked: Mapping[str, float], disliked: Mapping[str, float]
    ) -> tuple[float, Relevance]:
        pro = self._liked.likeness(paper, text, liked)
        contra = self._disliked.likeness(paper, text, disliked)
        score = round(pro.score - _AGAINST * contra.score, _DIGITS)
        if not contra.words:
            words = tuple(map(text.shown, _telling(pro.words, 1)))
            return score, Relevance(max(round(100 * score), 0), words)
        # A word of both is for or against by where it gives more.
        gives = {
            word: much - _AGAINST * contra.words.get(word, 0.0) for word, much in pro.words.items()
        }
        gives |= {
            word: -_AGAINST * much for word, much in contra.words.items() if not pro.words.get(word)
        }
        return score, Relevance(
            max(round(100 * score), 0),
            tuple(map(text.shown, _telling(gives, 1))),
            tuple(map(text.shown, _telling(gives, -1))),
        )


def name_of(library: Sequence[LibraryPaper]) -> str:
    """Equal for equal libraries."""
    return sha256(repr(library).encode("utf-8", "surrogatepass")).hexdigest()


def each_once(library: Iterable[LibraryPaper]) -> list[LibraryPaper]:
    """A library in an order of its own; of what has the same arXiv id, that which tells most.

    What was marked last decides whether it is liked.
    """
    found: dict[object, LibraryPaper] = {}
    marked: dict[str, LibraryPaper] = {}
    for one in sorted(set(library), key=lambda one: (len(one.abstract), one)):
        found[one.paper or one] = one
        marked[one.paper] = max(marked.get(one.paper, one), one, key=lambda one: one.added)
    return sorted(
        LibraryPaper(one.title, one.abstract, one.paper, last.added, last.liked)
        for one in found.values()
        for last in (marked[one.paper] if one.paper else one,)
    )


def _telling(gives: Mapping[str, float], sign: int) -> Iterator[str]:
    """The words that give most to a score, or take most away, that which tells most first."""
    most = nsmallest(_SHOWN, ((-round(sign * much, _DIGITS), word) for word, much in gives.items()))
    return (word for minus, word in most if minus < 0)


def _worth(papers: Sequence[LibraryPaper]) -> list[float]:
    """What each paper counts: the newest 1, older ones less; those without a date as the oldest."""
    days = [date.fromisoformat(one.added).toordinal() if one.added else None for one in papers]
    newest = max((day for day in days if day is not None), default=None)
    if newest is None:
        return [1.0] * len(papers)
    return [
        _LEAST
        if day is None
        else round(_LEAST + (1 - _LEAST) * 0.5 ** ((newest - day) / _HALF_LIFE), _DIGITS)
        for day in days
    ]
