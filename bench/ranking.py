"""How well papers are ordered: graded papers that DIGEST_GRADED names, and no part of the project.

The folder has `csfcube.json.gz`: `papers` (id, title, abstract) and `queries`, each a paper with
the grades (0 to 3) that experts gave to about 125 others. A library of the query paper alone
orders them. MAP and P@10 take a paper for relevant from grade 2 on; nDCG%20 is of the first fifth,
with the grades as gains. A variant differs from the order as it is by so much, with a confidence
interval of 95 % (bootstrap over the queries).

    DIGEST_GRADED=FOLDER python -m bench.ranking
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from math import log, log2
from pathlib import Path
from time import perf_counter

import httpx

from bench.measure import Row
from digest.matcher import Match
from digest.model import Paper
from digest.writer.embeddings import Embeddings
from digest.writer.order.index import Text
from digest.writer.order.meaning import packed
from digest.writer.order.relevance import ByRelevance, LibraryPaper

_FILE = "csfcube.json.gz"
_RELEVANT = 2
_SAMPLES = 2_000
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_MATCH = Match((), ())

#: Papers of a speed test: those of digests, those of a library, and the papers of a digest.
_PAPERS, _LIBRARY, _DAY = 10_000, 5_000, 45


@dataclass(frozen=True)
class Query:
    """A paper with the grades of others, by their ids."""

    paper: str
    grades: Mapping[str, int]


#: The ids of a query's papers, the best first.
Order = Callable[[Query], Sequence[str]]


class Graded:
    """The graded collection."""

    def __init__(self, path: Path) -> None:
        with gzip.open(path) as file:
            data = json.load(file)
        self.papers = {one["id"]: (one["title"], one["abstract"] or "") for one in data["papers"]}
        self.queries = [
            Query(
                one["query"],
                {of: grade for of, grade in one["grades"].items() if of != one["query"]},
            )
            for one in data["queries"]
        ]


def measures(query: Query, order: Sequence[str]) -> tuple[float, float, float]:
    """MAP, nDCG%20 and P@10, in percent."""
    grades = [query.grades[paper] for paper in order]
    hits = [place for place, grade in enumerate(grades, 1) if grade >= _RELEVANT]
    precision = [number / place for number, place in enumerate(hits, 1)]
    best = _gain(sorted(grades, reverse=True))
    return (
        100 * sum(precision) / len(precision) if precision else 0.0,
        100 * _gain(grades) / best if best else 0.0,
        10.0 * sum(place <= 10 for place in hits),
    )


def _gain(grades: Sequence[int]) -> float:
    first = grades[: int(len(grades) * 0.2)]
    return sum(grade / log2(place + 1) for place, grade in enumerate(first, 1))


def as_it_is(graded: Graded, query: Query, embeddings: Embeddings | None = None) -> list[str]:
    """The order of the program; fused with that by meaning if there is an address."""
    model = "graded" if embeddings else ""
    vectors = partial(_vectors, embeddings) if embeddings else None
    library = [LibraryPaper(*graded.papers[query.paper])]
    kept = [
        (Paper(of, 1, "", *graded.papers[of], (), ("cs.CL",), _NOON, _NOON), _MATCH)
        for of in query.grades
    ]
    placed = ByRelevance(library, (), model, vectors).placed(kept)
    return [one.paper.id for one in placed]


@lru_cache(10_000)
def _vector(embeddings: Embeddings, text: tuple[str, str]) -> bytes:
    (vector,) = embeddings.ask(["\n\n".join(text)])
    return packed(vector)


def _vectors(embeddings: Embeddings, texts: Sequence[tuple[str, str]]) -> list[bytes]:
    return [_vector(embeddings, text) for text in texts]


@dataclass(frozen=True)
class Variant:
    """BM25 in other ways. `pairs` is what pairs of words weigh, `expand` how many papers of the
    day join the question, `rare` where rareness is counted."""

    k1: float = 3.0
    b: float = 0.75
    title: int = 3
    pairs: float = 0.0
    expand: int = 0
    stems: bool = True
    rare: str = "both"

    def order(self, graded: Graded, query: Query) -> list[str]:
        """The order of a query's papers."""
        texts = {of: self._counts(graded.papers[of]) for of in query.grades}
        library = self._counts(graded.papers[query.paper])
        holders = Counter(word for text in texts.values() for word in text)
        rare = {
            word: self._rareness(graded, word, number, len(texts), word in library)
            for word, number in holders.items()
        }
        usual = sum(sum(text.values()) for text in texts.values()) / len(texts)
        documents = {
            of: self._weights(text, 1 - self.b + self.b * sum(text.values()) / usual)
            for of, text in texts.items()
        }
        asked = {
            of: {word: rare[word] * much for word, much in self._weights(text, 1.0).items()}
            for of, text in texts.items()
        }
        own = {of: _product(asked[of], documents[of]) or 1.0 for of in texts}
        target = self._weights(library, 1.0)
        scores = {of: _product(asked[of], target) / own[of] for of in texts}
        if self.expand:
            best = sorted(texts, key=lambda of: -scores[of])[: self.expand]
            for of in best:
                for word, much in documents[of].items():
                    target[word] = target.get(word, 0.0) + much / self.expand
            scores = {of: _product(asked[of], target) / own[of] for of in texts}
        return sorted(texts, key=lambda of: -scores[of])

    def _counts(self, paper: tuple[str, str]) -> dict[str, int]:
        return _counts(paper, self.title, bool(self.pairs), self.stems)

    def _weights(self, text: Mapping[str, int], norm: float) -> dict[str, float]:
        return {
            word: (self.pairs if " " in word else 1)
            * count
            * (self.k1 + 1)
            / (count + self.k1 * norm)
            for word, count in text.items()
        }

    def _rareness(self, graded: Graded, word: str, number: int, day: int, known: bool) -> float:
        today = log((day + 1) / (number + 0.5))
        if self.rare == "day":
            return today
        if self.rare == "everywhere":
            everywhere = _everywhere(graded, self.title, bool(self.pairs), self.stems)
            return log((len(graded.papers) + 1) / (everywhere[word] + 0.5))
        return (log(2 / (known + 0.5)) + today) / 2


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(much * other[word] for word, much in one.items() if word in other)


@lru_cache(50_000)
def _counts(paper: tuple[str, str], title: int, pairs: bool, stems: bool) -> dict[str, int]:
    from digest.writer.order.words import words

    found: Counter[str] = Counter()
    for text, weight in zip(paper, (title, 1), strict=True):
        all_words = [stem if stems else form.casefold() for stem, form in words(text)]
        if pairs:
            all_words += map(" ".join, itertools.pairwise(all_words))
        for word in all_words:
            found[word] += weight
    return found


@lru_cache(8)
def _everywhere(graded: Graded, title: int, pairs: bool, stems: bool) -> Counter[str]:
    return Counter(
        word for paper in graded.papers.values() for word in _counts(paper, title, pairs, stems)
    )


VARIANTS = {
    "k1 = 1.2, as before": Variant(k1=1.2),
    "k1 = 2": Variant(k1=2.0),
    "k1 = 5": Variant(k1=5.0),
    "b = 0.3": Variant(b=0.3),
    "b = 1": Variant(b=1.0),
    "titles once": Variant(title=1),
    "titles five times": Variant(title=5),
    "words, not stems": Variant(stems=False),
    "pairs of words, half": Variant(pairs=0.5),
    "rare today": Variant(rare="day"),
    "rare in all 4,205": Variant(rare="everywhere"),
    "expanded by 5 of the day": Variant(expand=5),
    "expanded by 10 of the day": Variant(expand=10),
}


def quality(folder: Path) -> list[str]:
    """The lines of a table."""
    graded = Graded(folder / _FILE)
    base = [measures(one, as_it_is(graded, one)) for one in graded.queries]
    orders: dict[str, Order] = {name: partial(one.order, graded) for name, one in VARIANTS.items()}
    with httpx.Client(timeout=60) as client:
        if embeddings := _embeddings(client):
            orders["fused with meaning"] = partial(as_it_is, graded, embeddings=embeddings)
        lines = [
            "| order | MAP | nDCG%20 | P@10 |",
            "|---|---|---|---|",
            _line("as it is", base, [(0.0,) * 3] * len(base)),
        ]
        for name, order in orders.items():
            found = [measures(one, order(one)) for one in graded.queries]
            apart = [
                tuple(new - old for new, old in zip(*pair, strict=True))
                for pair in zip(found, base, strict=True)
            ]
            lines.append(_line(name, found, apart))
    return lines


def _embeddings(client: httpx.Client) -> Embeddings | None:
    address = os.environ.get("DIGEST_LLM__BASE_URL")
    model = os.environ.get("DIGEST_LLM__EMBEDDING_MODEL")
    if not address or not model:
        return None
    key = os.environ.get("DIGEST_LLM__API_KEY", "")
    return Embeddings(client, address, model, key, sleep=lambda _: None)


def _line(name: str, found: Sequence[Sequence[float]], apart: Sequence[Sequence[float]]) -> str:
    chance = random.Random(1)
    cells = [name]
    for number in range(3):
        differences = [one[number] for one in apart]
        means = sorted(
            sum(chance.choices(differences, k=len(differences))) / len(differences)
            for _ in range(_SAMPLES)
        )
        mean = sum(one[number] for one in found) / len(found)
        low, high = means[_SAMPLES // 40], means[-_SAMPLES // 40 - 1]
        is_same = not any(differences)
        cells.append(f"{mean:.1f}" if is_same else f"{mean:.1f} ({low:+.1f} to {high:+.1f})")
    return f"| {' | '.join(cells)} |"


def measure(folder: Path) -> list[Row]:
    """How long many papers take against a large library."""
    graded = Graded(folder / _FILE)
    library = [LibraryPaper(*text) for text in _crossed(graded, _LIBRARY, 1)]
    papers = [
        Paper(f"2603.{number:05d}", 1, "", *text, (), ("cs.CL",), _NOON, _NOON)
        for number, text in enumerate(_crossed(graded, _PAPERS, 2), 1)
    ]
    Text("warm", "up")
    start = perf_counter()
    ordering = ByRelevance(library)
    for first in range(0, _PAPERS, _DAY):
        ordering.placed((paper, _MATCH) for paper in papers[first : first + _DAY])
    seconds = perf_counter() - start
    name = f"{_PAPERS:,} papers by a library of {_LIBRARY:,}"
    return [Row(name, "10 seconds", seconds, 10.0, 1)]


def _crossed(graded: Graded, number: int, seed: int) -> list[tuple[str, str]]:
    """New papers: the title and half of the sentences of one, half of those of another."""
    chance = random.Random(seed)
    texts = list(graded.papers.values())
    found = []
    for _ in range(number):
        one, other = chance.sample(texts, 2)
        first, second = one[1].split("\n"), other[1].split("\n")
        half = first[: len(first) // 2 + 1] + second[len(second) // 2 :]
        found.append((one[0], " ".join(half)))
    return found


def main() -> None:
    """Print both."""
    folder = Path(os.environ["DIGEST_GRADED"])
    print("\n".join(quality(folder)), flush=True)
    for row in measure(folder):
        print(f"{row.ours}: {row.value:.1f} s")


if __name__ == "__main__":
    main()
