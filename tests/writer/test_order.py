"""Likeness to a library: the order, the scores, and the words that made them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from likeness import CACHE, FRUIT, GLACIER, TODAY, paper
from strange_papers import ATTACKS, papers

from digest.matcher import Match
from digest.model import Paper
from digest.writer.order import NewestFirst, Placed, Relevance
from digest.writer.order.ordering import LibraryPaper, in_order
from digest.writer.order.relevance import ByRelevance
from digest.writer.order.words import words

MATCH = Match((), ())


def kept(*texts: tuple[str, str]) -> list[tuple[Paper, Match]]:
    return [(paper(number, each), MATCH) for number, each in enumerate(texts, 1)]


def library(*texts: tuple[str, str]) -> list[LibraryPaper]:
    return [LibraryPaper(*each) for each in texts]


def titles(placed: Sequence[Placed]) -> list[str]:
    return [one.paper.title for one in placed]


def relevance(placed: Sequence[Placed], title: str) -> Relevance:
    (found,) = (one.relevance for one in placed if one.paper.title == title)
    assert found
    return found


_libraries = st.lists(
    st.builds(
        LibraryPaper,
        st.sampled_from([title for title, _ in TODAY]) | st.sampled_from(ATTACKS) | st.text(),
        st.sampled_from([abstract for _, abstract in TODAY]) | st.sampled_from(ATTACKS),
        st.sampled_from(["", "2603.00001"]),
    ),
    max_size=5,
)
_kept = st.lists(papers, max_size=5, unique_by=lambda one: one.id).map(
    lambda found: [(one, MATCH) for one in found]
)


@given(_libraries, _kept, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_any_library_gives_an_order_of_the_same_papers_whatever_came_first(
    books: list[LibraryPaper], found: list[tuple[Paper, Match]], chance: random.Random
) -> None:
    ordering = ByRelevance(books)
    placed = ordering.placed(found)
    assert sorted(one.paper.id for one in placed) == sorted(paper.id for paper, _ in found)
    for one in placed:
        assert one.relevance
        assert 0 <= one.relevance.score <= 100
        assert len(one.relevance.words) <= 3
        assert all(word.isalnum() for word in one.relevance.words)
    scores = [one.relevance.score for one in placed if one.relevance]
    assert scores == sorted(scores, reverse=True)
    chance.shuffle(books)
    chance.shuffle(found)
    again = ByRelevance(books + books[:2])
    assert (again.name, again.placed(found)) == (ordering.name, placed)


@pytest.mark.parametrize("text", TODAY)
@pytest.mark.parametrize("others", [(), (FRUIT,), TODAY])
def test_a_paper_like_one_of_the_library_comes_first(
    text: tuple[str, str], others: tuple[tuple[str, str], ...]
) -> None:
    books = library(text, text, *(other for other in others if other == text))
    assert titles(ByRelevance(books).placed(kept(*TODAY)))[0] == text[0]


def test_who_is_the_library_scores_100_and_who_has_nothing_of_it_0() -> None:
    placed = ByRelevance(library(CACHE)).placed(kept(*TODAY))
    assert relevance(placed, CACHE[0]).score == 100
    assert relevance(placed, FRUIT[0]) == Relevance(0, ())


def test_a_score_is_the_mean_over_the_three_nearest() -> None:
    books = library(CACHE, GLACIER, FRUIT)
    assert relevance(ByRelevance(books).placed(kept(*TODAY)), CACHE[0]).score in (33, 34)


def test_what_is_as_like_stands_newest_first() -> None:
    found = kept(FRUIT, GLACIER, FRUIT, CACHE)
    random.Random(1).shuffle(found)
    placed = ByRelevance(library(("Unheard", "of"))).placed(found)
    assert [one.paper for one in placed] == [paper for paper, _ in in_order(found)]
    assert [one.paper for one in NewestFirst().placed(found)] == [one.paper for one in placed]
    assert all(one.relevance is None for one in NewestFirst().placed(found))


def test_the_words_are_those_that_are_rare_in_the_library_and_today() -> None:
    books = library(
        ("On caches", "The model decodes with a cache of keys, and the glaciers."),
        ("On experts", "The model has experts, and there are glaciers."),
        ("On routing", "The model is routed around glaciers."),
    )
    today = kept(
        ("Green", "The model is one, its caching of keys is new."),
        ("Red", "The model is one. Glaciers melt."),
    )
    first, second = ByRelevance(books).placed(today)
    assert first.relevance and first.relevance.words == ("caching", "keys", "model")
    # All of the library has it, and few of today's papers.
    assert second.relevance and second.relevance.words == ("glaciers", "model")


def test_words_are_shown_as_the_paper_has_them() -> None:
    text = ("KV Caches for LLMS", "Caches of LLMs, CACHED.")
    (one,) = ByRelevance(library(("KV cache", "llms cached"))).placed(kept(text))
    assert one.relevance and set(one.relevance.words) == {"KV", "caches", "LLMS"}
    books = library(("", 'Of gro{\\ss} SCHR{\\"O}DINGER'))
    (one,) = ByRelevance(books).placed(kept(("GROSS", "gross. Schrödinger's SCHRÖDINGER")))
    assert one.relevance and set(one.relevance.words) == {"gross", "schrödinger"}


def test_a_word_of_the_title_counts_three_times() -> None:
    today = kept(("Pears", "glaciers, again"), ("Glaciers", "pears, again"))
    assert titles(ByRelevance(library(("Pears", ""))).placed(today)) == ["Pears", "Glaciers"]
    assert titles(ByRelevance(library(("Glaciers", ""))).placed(today)) == ["Glaciers", "Pears"]


def test_a_paper_of_the_library_is_not_compared_with_itself() -> None:
    found = kept(CACHE, GLACIER)
    books = [LibraryPaper(*CACHE, paper="2603.00001"), LibraryPaper(*GLACIER)]
    placed = ByRelevance(books).placed(found)
    assert titles(placed) == [GLACIER[0], CACHE[0]]
    alone = ByRelevance(books[:1]).placed(found)
    assert relevance(alone, CACHE[0]) == Relevance(0, ())
    # Only its own version is itself: the same words of another paper count.
    other = [replace(books[0], paper="2501.00001")]
    assert relevance(ByRelevance(other).placed(found), CACHE[0]).score == 100


def test_of_entries_with_one_id_that_with_the_longer_abstract_is_taken() -> None:
    books = [LibraryPaper(*CACHE, "2501.00001"), LibraryPaper("Cache", "", "2501.00001")]
    assert ByRelevance(books).name == ByRelevance(books[:1]).name != ByRelevance(books[1:]).name


def test_the_order_does_not_depend_on_grammar_that_titles_lack() -> None:
    books = library(("Pears in the Alps", ""), *((f"Word{word} study", "") for word in "abcdef"))
    today = kept(
        ("The ice", "The ice in the lakes, the ice in the seas."), ("Pears", "Pears fall.")
    )
    assert titles(ByRelevance(books).placed(today)) == ["Pears", "The ice"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The networks, 12 of 2e5 at 5x", ["network"]),
        ("KV and kv, 3D GPT4 and a B2B", ["kv", "gpt4", "b2b"]),
        (r"{\"O}kologie, Schr\"odinger, na{\"\i}ve \c{c}", ["okologi", "schroding", "naiv"]),
        ("Ökologie, Schrödinger, naïve, Łódź", ["okologi", "schroding", "naiv", "lodz"]),
        (r"Stra{\ss}e, S{\o}ren, \L{}\'od\'z", ["strass", "soren", "lodz"]),
        (r"\textbf{Sparse} {GPU}s $\mathcal{O}(n \log n)$ \& \LaTeX", ["spars", "gpus"]),
        ("see https://git.example/a-b/c?d#e or me@mail.example now", ["see", "now"]),
        ("zero\u200bwidth e\u0301tude under_score", ["zero", "width", "etud", "score"]),
        ("x" * 10_000 + " " + "@" * 10_000, []),
    ],
)
def test_words_are_stems_without_numbers_grammar_tex_and_addresses(
    text: str, found: list[str]
) -> None:
    assert [stem for stem, _ in words(text)] == found
