"""Likeness by meaning: cosines of vectors that a model made of texts. Pure; needs numpy.

Numbers of a vector are kept with half precision, and compared as whole numbers: their sums are
exact, so an order does not depend on the machine. It is fused with that by words by the places
in both (G. Cormack, C. Clarke and S. Buettcher, "Reciprocal Rank Fusion", 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

#: Of the rule of fusion: how little the first places differ.
_SMOOTH = 60
#: A vector of length 1 in whole numbers. Sums of products stay below 2**53.
_ONE = 1 << 14
_DIGITS = 4


def text_key(title: str, abstract: str) -> tuple[str, str]:
    """What a model is given of a paper, and its hash."""
    text = f"{title.strip()}\n\n{abstract.strip()}".strip()
    return text, sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def packed(vector: Sequence[float]) -> bytes:
    """A vector of length 1 in half precision. Raises ValueError for one without a direction."""
    numbers = np.asarray(vector, dtype=np.float64)
    length = float(np.sqrt((numbers * numbers).sum()))
    if not np.isfinite(length) or not length:
        raise ValueError("a vector without a direction")
    return (numbers / length).astype("<f2").tobytes()


def cosines(papers: Sequence[bytes], library: Sequence[bytes]) -> list[list[float]]:
    """How alike each of some papers is to each of a library's, from -1 to 1."""
    found = _whole(papers) @ _whole(library).T / (_ONE * _ONE)
    return [[round(each, _DIGITS) for each in row] for row in found.tolist()]


def fused(*scores: Sequence[float]) -> list[float]:
    """By the places in each of some orders, in which the higher score is before the lower one.

    Equal scores share the better place.
    """
    places = [_places(each) for each in scores]
    return [sum(1 / (_SMOOTH + place) for place in each) for each in zip(*places, strict=True)]


def _whole(vectors: Sequence[bytes]) -> NDArray[np.float64]:
    numbers = np.stack([np.frombuffer(vector, "<f2") for vector in vectors])
    return np.rint(numbers.astype(np.float64) * _ONE)


def _places(scores: Sequence[float]) -> list[int]:
    first: dict[float, int] = {}
    for place, score in enumerate(sorted(scores, reverse=True), 1):
        first.setdefault(score, place)
    return [first[score] for score in scores]
