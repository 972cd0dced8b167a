"""The queries of every scope: arXiv's grammar takes them, and they find what they are meant to."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from asking import Clock, invented, query_api
from hypothesis import given
from hypothesis import strategies as st

from digest.fetcher.query.api import Question
from digest.fetcher.query.queries import MOST_TERMS, scope_query, window_query
from digest.model import Author, Group, Paper, Topic, Window, plain_keywords
from digest.model.errors import UsageError
from digest.simulator import Corpus, Simulator

START = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=1))
ARXIV = Simulator(Corpus.of([invented("2603.00001", START)]), now=Clock())


def finds(query: str, paper: Paper) -> bool:
    return ARXIV.matches(window_query(WINDOW, query), paper)


def topic(*groups: Sequence[str], categories: Sequence[str] = ()) -> Topic:
    return Topic(
        "t",
        tuple(Group("g", "F08080", plain_keywords(*keywords)) for keywords in groups),
        tuple(categories),
        exclude=("spiking",),
    )


def about(abstract: str, *categories: str) -> Paper:
    return invented("2603.00001", START, abstract=abstract, categories=categories or ("cs.CL",))


def test_all_of_arxiv_needs_no_scope() -> None:
    assert scope_query("all", [topic(["x"])]) == ""
    assert finds("", about("Anything."))


@pytest.mark.parametrize(
    ("categories", "found"),
    [
        (("cs.CL",), True),
        (("stat.ML",), True),
        (("math.CO", "cs.CL"), True),
        (("math.CO",), False),
    ],
)
def test_categories_find_primary_and_other_ones(categories: tuple[str, ...], found: bool) -> None:
    assert finds(scope_query(["cs.*", "stat.ML"], []), about("Any.", *categories)) == found


@pytest.mark.parametrize(
    ("abstract", "categories", "found"),
    [
        ("Sparse attention for an LLM.", ("cs.CL",), True),
        ("Low-bit weights for an LLM.", ("cs.LG",), True),
        ("Sparse attention.", ("cs.CL",), False),
        ("An LLM.", ("cs.CL",), False),
        ("Sparse attention for an LLM.", ("math.CO",), False),
    ],
)
def test_a_topic_needs_a_category_and_a_keyword_of_each_group(
    abstract: str, categories: tuple[str, ...], found: bool
) -> None:
    topics = [topic(["sparse", "low-bit"], ["LLM"], categories=["cs.CL", "cs.LG"])]
    assert finds(scope_query("topics", topics), about(abstract, *categories)) == found


def test_one_of_several_topics_is_enough() -> None:
    query = scope_query("topics", [topic(["tide"], ["clock"]), topic(["lichen"])])
    assert finds(query, about("A clock for the tide."))
    assert finds(query, about("Lichen grows."))
    assert not finds(query, about("A clock."))


def test_a_topic_that_cannot_be_asked_for_means_all_of_arxiv() -> None:
    assert scope_query("topics", [topic(["tide"]), topic(["§", "—"])]) == ""


def test_a_group_that_cannot_be_asked_for_does_not_narrow() -> None:
    for sign in ("∑", "_"):
        query = scope_query("topics", [topic(["tide"], [sign, "sum"])])
        assert finds(query, about("The tide."))
    assert not finds(query, about("The sum."))


def test_excluded_words_are_not_asked_for() -> None:
    assert "spik" not in scope_query("topics", [topic(["tide"])])


WINDOW_TEXT = "submittedDate:[202603091800 TO 202603101800]"


def test_a_windows_bounds_are_minutes() -> None:
    assert window_query(WINDOW, "") == WINDOW_TEXT
    assert window_query(WINDOW, "(cat:cs.CL)") == f"(cat:cs.CL) AND {WINDOW_TEXT}"


@pytest.mark.parametrize(
    ("seconds", "found"), [(-1, False), (0, True), (86_399, True), (86_400, True), (86_401, False)]
)
def test_a_window_is_asked_for_with_both_ends(seconds: int, found: bool) -> None:
    paper = invented("2603.00001", START + timedelta(seconds=seconds))
    assert finds("(cat:cs.CL OR cat:cs.LG)", paper) == found


@pytest.mark.parametrize("word", ["AND", "OR", "ANDNOT", "NOT", "TO"])
def test_a_keyword_that_is_an_operator_is_quoted(word: str) -> None:
    assert scope_query("topics", [topic([word])]) == f'((abs:"{word}"))'


# For any topics.

hostile = st.sampled_from(
    ["AND", "OR", "ANDNOT", "NOT", "TO", "and", "or", "not", "(", ")", '"', '""', "[x TO y]",
     "ti:x", "submittedDate:[2026 TO 2027]", "a*", "?b", "*", "cat:cs.CL", "\\", "x AND", "((",
     "KV-cache", "state of the art", "naïve", "Schrödinger", "模型", "C++", "R&D", "k=5", "3D",
     "q\u0308", "x_1", "don't", "$\\alpha$", "a\tb", "-x", "+x", "%2B", "#1", "🙂", "²", "a²"]
)  # fmt: skip


def is_the_same_folded(sign: str) -> bool:
    """Not so of a sign that stands for a letter (🈐): what arXiv does with it is not known."""
    return sign.isalnum() or not any(map(str.isalnum, unicodedata.normalize("NFKD", sign)))


signs = st.characters(exclude_categories=["Cs", "Cc"], include_characters=' -"()[]:*?')
keywords = st.one_of(
    hostile, st.text(alphabet=signs.filter(is_the_same_folded), min_size=1, max_size=12)
)
groups = st.lists(keywords, min_size=1, max_size=6)
topics = st.lists(
    st.builds(
        lambda groups, categories: topic(*groups, categories=categories),
        st.lists(groups, min_size=1, max_size=3),
        st.lists(st.sampled_from(["cs.CL", "cs.*", "stat.ML"]), max_size=2),
    ),
    min_size=1,
    max_size=3,
)


@given(topics, st.data())
def test_every_paper_with_a_whole_word_of_each_group_is_found(
    some: list[Topic], data: st.DataObject
) -> None:
    query = scope_query("topics", some)
    chosen = data.draw(st.sampled_from(some))
    words = [data.draw(st.sampled_from(group.keywords)).text for group in chosen.groups]
    category = chosen.categories[0].replace("*", "LG") if chosen.categories else "math.CO"
    assert finds(query, about(" , ".join(["We", *words, "and more."]), category))


latin = st.characters(max_codepoint=0x24F, categories=["L", "Nd"])
accents = st.characters(min_codepoint=0x300, max_codepoint=0x36F)


@given(st.builds(str.__add__, latin, st.text(latin | accents, max_size=6)))
def test_a_word_is_found_however_its_accents_are_encoded(word: str) -> None:
    query = scope_query("topics", [topic([word])])
    assert finds(query, about(unicodedata.normalize("NFC", word)))
    assert finds(query, about(unicodedata.normalize("NFD", word)))


@pytest.mark.parametrize("count", [1, 200, MOST_TERMS])
def test_many_keywords_are_asked_for_in_one_request(count: int, tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(count)]
    query = window_query(WINDOW, scope_query("topics", [topic(words)]))
    paper = about(f"We say {words[-1]}.")
    arxiv = Simulator(Corpus.of([paper]), now=Clock())
    api = query_api(httpx.MockTransport(arxiv.handle), tmp_path)
    page = api.ask(lambda _, __: Question(query))
    assert [found.id for found in page.papers] == [paper.id]
    assert arxiv.log[0].method == ("POST" if count > 100 else "GET")


def test_more_keywords_than_arxiv_can_answer_are_refused() -> None:
    words = [f"word{number}" for number in range(MOST_TERMS + 1)]
    with pytest.raises(UsageError) as caught:
        scope_query("topics", [topic(words)])
    assert str(MOST_TERMS) in caught.value.message
    assert 'scope = "all"' in caught.value.hint


def by(*authors: str) -> Paper:
    return replace(about("Nothing of it."), authors=authors)


@pytest.mark.parametrize(
    ("author", "found"),
    [
        ("K. B. Ødegård", True),
        ("Kari Ødegård", True),
        ("Ann Ødegårdsen", False),
        ("Jan van der Berg", True),
        ("Berg van der Jan", False),
        ("P. O'Brien", True),
        ("Maria Skłodowska-Curie", True),
    ],
)
def test_a_topic_whose_authors_suffice_asks_for_their_family_names(
    author: str, found: bool
) -> None:
    names = ("Ødegård, Kari", "Jan van der Berg", "Pat O'Brien", "Skłodowska Curie, M.")
    authors = tuple(Author(name, "6495ED") for name in names)
    followed = replace(topic(["sparse"], ["LLM"], categories=["cs.CL"]), authors=authors)
    query = scope_query("topics", [replace(followed, authors_suffice=True)])
    assert finds(query, by("A. Nobody", author)) is found
    assert finds(query, about("Sparse LLM."))
    assert not finds(query, replace(by(author), categories=("math.CO",)))
    assert not finds(scope_query("topics", [followed]), by(author))


def test_authors_do_not_narrow_a_topic_whose_keywords_cannot_be_asked_for() -> None:
    followed = replace(topic(["++"]), authors=(Author("A B", "6495ED"),), authors_suffice=True)
    assert scope_query("topics", [followed]) == ""
