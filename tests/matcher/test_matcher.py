"""One pass of the automaton finds what trying the keywords one by one finds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching import marks, paper

from digest.matcher import Match, Matcher
from digest.model import Badge, Group, Marked, Topic, plain_keywords


def topic(name: str, *groups: list[str], exclude: str = "", categories: str = "") -> Topic:
    colors = ("F08080", "FF8C00", "00FF7F")
    return Topic(
        name,
        tuple(
            Group(c, c, plain_keywords(*words)) for c, words in zip(colors, groups, strict=False)
        ),
        tuple(categories.split()),
        tuple(exclude.split()),
    )


def one_by_one(topics: list[Topic], text: str) -> Match | None:
    """The source format's own way: replace keyword after keyword in what is left of the text."""
    kept = [t for t in topics if all(any(w.text in text for w in g.keywords) for g in t.groups)]
    pieces: list[str | Badge] = [text]
    for group in (group for kept_topic in kept for group in kept_topic.groups):
        for word in (keyword.text for keyword in group.keywords):
            replaced: list[str | Badge] = []
            for piece in pieces:
                if isinstance(piece, Badge):
                    replaced.append(piece)
                    continue
                first, *others = piece.split(word)
                replaced.append(first)
                for other in others:
                    replaced += [Badge(word, group.color), other]
            pieces = replaced
    marked: Marked = tuple(piece for piece in pieces if piece)
    return Match(tuple(t.name for t in kept), marked) if kept else None


words = st.text(alphabet="ab-𝒳", min_size=1, max_size=4)
topics = st.lists(
    st.builds(
        topic, st.sampled_from("pqr"), *[st.lists(words, min_size=1, max_size=6, unique=True)] * 2
    ),
    min_size=1,
    max_size=3,
)


@given(topics, st.text(alphabet="aab-𝒳 é", max_size=40))
def test_the_automaton_equals_replacement_one_by_one(configured: list[Topic], text: str) -> None:
    assert Matcher(configured).match(paper(text)) == one_by_one(configured, text)


@pytest.mark.parametrize("count", [1, 28, 1000])
def test_it_equals_replacement_for_any_number_of_keywords(count: int) -> None:
    rng = random.Random(count)
    keywords = sorted({"".join(rng.choices("abc", k=rng.randint(1, 8))) for _ in range(2 * count)})
    rng.shuffle(keywords)
    configured = [topic("one", keywords[:count])]
    matcher = Matcher(configured)
    for _ in range(20):
        text = "".join(rng.choices("abcd ", k=300))
        assert matcher.match(paper(text)) == one_by_one(configured, text)


def test_text_taken_by_an_earlier_keyword_is_gone_for_a_later_one() -> None:
    matcher = Matcher([topic("t", ["overlap", "overlapping", "lap", "ping"])])
    assert marks(matcher, "overlapping laps") == ["[overlap]", "[ping]", " ", "[lap]", "s"]


def test_keywords_match_inside_words_and_only_in_their_case() -> None:
    matcher = Matcher([topic("t", ["LLM", "serving"])])
    assert marks(matcher, "preserving vLLMs, llm") == ["pre", "[serving]", " v", "[LLM]", "s, llm"]


def test_a_paper_needs_a_keyword_of_every_group() -> None:
    matcher = Matcher([topic("t", ["cache"], ["LLM", "GPU"])])
    assert matcher.match(paper("a cache")) is None
    assert matcher.match(paper("a GPU")) is None
    assert matcher.match(paper("a GPU cache")) is not None


def test_an_overlapped_keyword_still_counts_for_its_group() -> None:
    matcher = Matcher([topic("t", ["vLLM"], ["LLM"])])
    assert marks(matcher, "vLLM") == ["[vLLM]"]


def test_a_paper_gets_the_badges_of_the_topics_it_satisfies_and_no_others() -> None:
    first, second = topic("first", ["cache"], ["LLM"]), topic("second", ["GPU", "LLM"])
    match = Matcher([first, second]).match(paper("LLM on a GPU, with cache"))
    assert match and match.topics == ("first", "second")
    only = Matcher([first, second]).match(paper("LLM on a GPU"))
    assert only and only.topics == ("second",)
    assert only.abstract[0] == Badge("LLM", "F08080")


def test_of_two_colours_for_a_keyword_the_first_one_counts() -> None:
    match = Matcher([topic("a", ["x"], ["LLM"]), topic("b", ["LLM"])]).match(paper("x LLM"))
    assert match and match.abstract == (Badge("x", "F08080"), " ", Badge("LLM", "FF8C00"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("LLM", True),
        ("LLM by SPIKING", False),
        ("LLM, spiking-based", False),
        ("LLM non-BEV", False),
        ("LLM BEVs and unspiking", True),
    ],
)
def test_an_excluded_word_counts_whole_and_in_any_case(text: str, kept: bool) -> None:
    matcher = Matcher([topic("t", ["LLM"], exclude="spiking BEV")])
    assert (matcher.match(paper(text)) is not None) is kept
    assert (matcher.match(paper("LLM", title=text)) is not None) is kept


def test_an_excluded_phrase_is_found_across_a_line_end() -> None:
    phrase = Topic("t", topic("t", ["LLM"]).groups, exclude=("C++ code", "bird's eye"))
    assert Matcher([phrase]).match(paper("LLM writes c++\n code")) is None
    assert Matcher([phrase]).match(paper("LLM writes C++ codes")) is not None


def test_an_exclusion_keeps_a_paper_out_of_its_own_topic_only() -> None:
    match = Matcher([topic("a", ["LLM"], exclude="BEV"), topic("b", ["BEV"])]).match(
        paper("BEV with LLM")
    )
    assert match == Match(("b",), (Badge("BEV", "F08080"), " with LLM"))


@pytest.mark.parametrize(
    ("wanted", "categories", "kept"),
    [
        ("", ("math.AG",), True),
        ("cs.CL", ("math.AG", "cs.CL"), True),
        ("cs.CL", ("cs.CLX", "cs.LG"), False),
        ("cs.*", ("cs.LG",), True),
        ("cs.*", ("physics.comp-ph", "csx.AA"), False),
        ("cs.CL stat.*", ("stat.ML",), True),
        ("cs.CL", (), False),
    ],
)
def test_categories_are_exact_or_end_in_a_star(
    wanted: str, categories: tuple[str, ...], kept: bool
) -> None:
    matcher = Matcher([topic("t", ["LLM"], categories=wanted)])
    assert (matcher.match(paper("LLM", categories=categories)) is not None) is kept


def test_without_topics_nothing_matches() -> None:
    assert Matcher([]).match(paper("LLM")) is None
