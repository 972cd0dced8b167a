"""The index of words: the same sums with and without numpy, whatever comes and goes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.writer.order import index as module
from digest.writer.order.index import Index, Text, product, usual_length

WORDS = [
    "cache",
    "glacier",
    "prune",
    "expert",
    "pear",
    "model",
    "sparse",
    "quantum",
    "field",
    "noise",
]
_texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), max_size=30)


def of(texts: list[str]) -> Index:
    made = [Text(text[:5], text) for text in texts]
    index = Index(usual_length(made))
    for number, text in enumerate(made):
        index.add(number, text)
    return index


@given(_texts, st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), st.booleans())
@settings(max_examples=60, deadline=None)
def test_numpy_gives_the_same_sums_to_the_last_digit(
    texts: list[str], text: str, is_weighed: bool
) -> None:
    pytest.importorskip("numpy")
    index = of(texts)
    asked = {word: index.rareness(word) * much for word, much in Text("", text).asked.items()}
    worth = [1 / (number + 1) for number in range(len(texts))] if is_weighed else None
    slow = [index.nearest(asked, most, 0, worth) for most in (1, 3, 40)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MANY", 0)
        assert [index.nearest(asked, most, 0, worth) for most in (1, 3, 40)] == slow


@given(_texts, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_what_came_and_went_leaves_nothing(texts: list[str], chance: random.Random) -> None:
    made = [Text(text[:5], text) for text in texts]
    index = Index(usual_length(made))
    numbers = list(range(len(made)))
    chance.shuffle(numbers)
    for number in numbers:
        index.add(number, made[number])
    for number in numbers[::2]:
        index.drop(number)
    left = Index(usual_length(made))
    for number in sorted(numbers[1::2]):
        left.add(number, made[number])
    assert len(index) == len(left)
    for word in WORDS:
        (stem,) = Text("", word).counts
        assert index.holders(stem) == left.holders(stem)
    for text in made:
        assert index.nearest(text.asked, 40) == left.nearest(text.asked, 40)


def test_a_text_is_nearest_to_itself() -> None:
    index = of(["cache expert noise", "glacier pear", "cache pear", ""])
    for number, text in enumerate(["cache expert noise", "glacier pear", "cache pear"]):
        asked = Text("", text).asked
        total, found = index.nearest(asked, 1)[0]
        assert found == number
        assert total == product(asked, index.of(number))
    assert index.nearest(Text("", "").asked, 3) == []
