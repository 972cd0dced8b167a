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
from collections.abc import Callable, Collection, Mapping, Sequence
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
from digest.writer.order.meaning import packed
from digest.writer.order.ordering import LibraryPaper
from digest.writer.order.relevance import ByRelevance

_FILE = "csfcube.json.gz"
_RELEVANT = 2
_SAMPLES = 2_000
_MIXED = 40
_NEAREST = 3
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_MATCH = Match((), ())

#: Papers of a speed test: those of digests, those of a library, and the papers of a digest.
_PAPERS, _LIBRARY, _DAY = 10_000, 5_000, 45


@dataclass(frozen=True)
class Query:
    """A library with the grades of other papers, by their ids."""

    library: tuple[str, ...]
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
            Query((one["query"],), _without(one["grades"], [one["query"]]))
            for one in data["queries"]
        ]
        self.mixed = [self._mixed(seed) for seed in range(_MIXED)]

    def _mixed(self, seed: int) -> Query:
        """Five interests of three papers each, and 120 of the papers that were graded for them.

        A paper has the best of its grades.
        """
        chance = random.Random(seed)
        library: set[str] = set()
        grades: dict[str, int] = {}
        for query in chance.sample(self.queries, 5):
            good = sorted(of for of, grade in query.grades.items() if grade >= _RELEVANT)
            library |= {*query.library, *chance.sample(good, min(2, len(good)))}
            grades |= {of: max(mark, grades.get(of, 0)) for of, mark in query.grades.items()}
        left = _without(grades, library)
        some = chance.sample(sorted(left), min(120, len(left)))
        return Query(tuple(sorted(library)), {of: left[of] for of in some})


def _without(grades: Mapping[str, int], papers: Collection[str]) -> dict[str, int]:
    return {of: grade for of, grade in grades.items() if of not in papers}


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
    library = [LibraryPaper(*graded.papers[of]) for of in query.library]
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
        library = [self._counts(graded.papers[of]) for of in query.library]
        known = Counter(word for text in library for word in text)
        holders = Counter(word for text in texts.values() for word in text)
        rare = {
            word: self._rareness(graded, word, number, len(texts), known[word], len(library))
            for word, number in holders.items()
        }
        usual = _length(texts.values())
        documents = {of: self._weights(text, self._norm(text, usual)) for of, text in texts.items()}
        targets = [self._weights(text, self._norm(text, _length(library))) for text in library]
        asked = {
            of: {word: rare[word] * much for word, much in self._weights(text, 1.0).items()}
            for of, text in texts.items()
        }
        own = {of: _product(asked[of], documents[of]) or 1.0 for of in texts}
        scores = {of: _nearest(asked[of], targets) / own[of] for of in texts}
        if self.expand:
            common: Counter[str] = Counter()
            for of in sorted(texts, key=lambda of: -scores[of])[: self.expand]:
                common.update({w: much / self.expand for w, much in documents[of].items()})
            scores = {of: scores[of] + _product(asked[of], common) / own[of] for of in texts}
        return sorted(texts, key=lambda of: -scores[of])

    def _norm(self, text: Mapping[str, int], usual: float) -> float:
        return 1 - self.b + self.b * sum(text.values()) / usual

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

    def _rareness(
        self, graded: Graded, word: str, number: int, day: int, known: int, books: int
    ) -> float:
        today = log((day + 1) / (number + 0.5))
        if self.rare == "day":
            return today
        if self.rare == "everywhere":
            everywhere = _everywhere(graded, self.title, bool(self.pairs), self.stems)
            return log((len(graded.papers) + 1) / (everywhere[word] + 0.5))
        return (log((books + 1) / (known + 0.5)) + today) / 2


def _nearest(asked: Mapping[str, float], targets: Sequence[Mapping[str, float]]) -> float:
    most = min(_NEAREST, len(targets))
    return sum(sorted((_product(asked, each) for each in targets), reverse=True)[:most]) / most


def _length(texts: Collection[Mapping[str, int]]) -> float:
    return sum(sum(text.values()) for text in texts) / len(texts)


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


def quality(graded: Graded, queries: Sequence[Query], names: Collection[str]) -> list[str]:
    """The lines of a table: the order as it is, and some variants."""
    base = [measures(one, as_it_is(graded, one)) for one in queries]
    orders: dict[str, Order] = {name: partial(VARIANTS[name].order, graded) for name in names}
    with httpx.Client(timeout=60) as client:
        if embeddings := _embeddings(client):
            orders["fused with meaning"] = partial(as_it_is, graded, embeddings=embeddings)
        lines = [
            "| order | MAP | nDCG%20 | P@10 |",
            "|---|---|---|---|",
            _line("as it is", base, [(0.0,) * 3] * len(base)),
        ]
        for name, order in orders.items():
            found = [measures(one, order(one)) for one in queries]
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


def measure(graded: Graded) -> list[Row]:
    """How long many papers take against a large library."""
    library = [LibraryPaper(*text) for text in _crossed(graded, _LIBRARY, 1)]
    papers = [
        Paper(f"2603.{number:05d}", 1, "", *text, (), ("cs.CL",), _NOON, _NOON)
        for number, text in enumerate(_crossed(graded, _PAPERS, 2), 1)
    ]
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


def tables(folder: Path) -> list[str]:
    """What is known of the quality."""
    graded = Graded(folder / _FILE)
    mixed = [name for name in VARIANTS if "expanded" in name or "pairs" in name or "k1" in name]
    return [
        "By a library of one paper, 50 queries:",
        "",
        *quality(graded, graded.queries, list(VARIANTS)),
        "",
        f"By a library of five interests, {_MIXED} mixtures:",
        "",
        *quality(graded, graded.mixed, mixed),
    ]


def main() -> None:
    """Print quality and speed."""
    folder = Path(os.environ["DIGEST_GRADED"])
    print("\n".join(tables(folder)), flush=True)
    for row in measure(Graded(folder / _FILE)):
        print(f"\n{row.ours}: {row.value:.1f} s")


if __name__ == "__main__":
    main()
