"""Keywords that say for themselves what they match, and what is known of keywords beforehand."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_matcher import paper
from test_matcher_clean import badges

from digest.matcher import Matcher, never_matching, word_parts
from digest.model import Group, Keyword, Topic, WordPart

TEXT = "MX mx MXs mxs xMX xmx MX-x"


def only(keyword: Keyword, style: str) -> Matcher:
    return Matcher([Topic("t", (Group("g", "F08080", (keyword,)),))], style)


@pytest.mark.parametrize(
    ("style", "whole_word", "case", "found"),
    [
        ("source", None, None, "MX MX MX MX"),
        ("source", None, True, "MX MX MX MX"),
        ("source", None, False, "MX mx MX mx MX mx MX"),
        ("source", False, None, "MX MX MX MX"),
        ("source", False, True, "MX MX MX MX"),
        ("source", False, False, "MX mx MX mx MX mx MX"),
        ("source", True, None, "MX MX"),
        ("source", True, True, "MX MX"),
        ("source", True, False, "MX mx MX"),
        ("clean", None, None, "MX mx MXs mxs MX"),
        ("clean", None, True, "MX MXs MX"),
        ("clean", None, False, "MX mx MXs mxs MX"),
        ("clean", False, None, "MX mx MX mx MX mx MX"),
        ("clean", False, True, "MX MX MX MX"),
        ("clean", False, False, "MX mx MX mx MX mx MX"),
        ("clean", True, None, "MX mx MX"),
        ("clean", True, True, "MX MX"),
        ("clean", True, False, "MX mx MX"),
    ],
)
def test_what_a_keyword_says_itself_goes_before_the_style(
    style: str, whole_word: bool | None, case: bool | None, found: str
) -> None:
    assert badges(only(Keyword("MX", whole_word, case), style), TEXT) == found.split()


def test_the_source_style_protects_nothing_and_joins_nothing() -> None:
    assert badges(only(Keyword("KV cache", True, False), "source"), "$kv CACHE$ KV-cache") == [
        "kv CACHE"
    ]


def test_the_clean_style_joins_and_protects_whatever_a_keyword_says() -> None:
    assert badges(only(Keyword("KV cache", False, True), "clean"), "$KV cache$ xKV-cachex") == [
        "KV-cache"
    ]


@pytest.mark.parametrize(
    ("keyword", "style", "parts"),
    [
        (Keyword("disaggregate"), "source", "*disaggregate*"),
        (Keyword("KV cache"), "source", "*kv cache*"),
        (Keyword("KV cache"), "clean", "kv cach*"),
        (Keyword("KV-cache", whole_word=True), "clean", "kv cache"),
        (Keyword("query"), "clean", "quer*"),
        (Keyword("50%_é"), "source", "*50"),
        (Keyword("--x"), "source", "x*"),
        (Keyword("MX", whole_word=True), "source", "mx"),
        (Keyword("é"), "source", ""),
    ],
)
def test_the_parts_of_words_are_few_and_narrow(keyword: Keyword, style: str, parts: str) -> None:
    assert shown(word_parts(keyword, style)) == parts


def shown(parts: Sequence[WordPart]) -> str:
    """`*kv cache*`: where a word may go on there is a star."""
    return " ".join("*" * (not part.begins) + part.text + "*" * (not part.ends) for part in parts)


STYLES = st.sampled_from(["source", "clean"])
SAYS = st.sampled_from([None, True, False])
WORDS = st.sampled_from(
    [
        *("LLM", "LLMs", "vLLM", "cache", "caches", "KV cache", "KV-cache", "kv", "V c"),
        *("decode", "decoder", "decoding", "a_b", "e", "K", "s", "2", "é", "\u0301"),
        *("-", "%", "_", "\\"),
    ]
)
KEYWORDS = st.builds(Keyword, WORDS, SAYS, SAYS)
TEXTS = st.lists(
    st.one_of(
        WORDS,
        WORDS.map(str.upper),
        WORDS.map(str.lower),
        st.sampled_from([" ", "‑", "\u212a", "ſ", "ing", "s", "d", "$", "É", "x", ".", "@"]),
    ),
    max_size=12,
).map("".join)


@given(KEYWORDS, STYLES, TEXTS)
def test_every_text_with_a_keyword_has_the_parts_of_its_words(
    keyword: Keyword, style: str, text: str
) -> None:
    if only(keyword, style).has_keywords(text):
        words = re.findall(rb"[a-z0-9]+", text.encode().lower())
        for part in word_parts(keyword, style):
            before, after = b"" if part.begins else b".*", b"" if part.ends else b".*"
            assert any(re.fullmatch(before + part.text.encode() + after, word) for word in words)


def keyword_of(text: str) -> Keyword:
    """`=LLM` in its case, `~LLM` in any, `!LLM` a whole word, `*LLM` inside words, too."""
    case = {"=": True, "~": False}.get(text[0])
    text = text.lstrip("=~")
    whole = {"!": True, "*": False}.get(text[0])
    return Keyword(text.lstrip("!*"), whole, case)


def topic(words: list[Keyword]) -> Topic:
    return Topic("t", (Group("g", "F08080", tuple(words)),))


@pytest.mark.parametrize(
    ("style", "words", "never"),
    [
        ("source", "LLM LLMs vLLM", {"LLMs": "LLM", "vLLM": "LLM"}),
        ("clean", "LLM LLMs vLLM", {"LLMs": "LLM"}),
        ("clean", "LLMs LLM", {}),
        ("source", "overlap overlapping", {"overlapping": "overlap"}),
        ("clean", "overlap overlapping", {"overlapping": "overlap"}),
        (
            "clean",
            "decode decoder decoding decoded",
            dict.fromkeys(["decoder", "decoding", "decoded"], "decode"),
        ),
        ("clean", "pruning pruned", {}),
        ("clean", "cache KV-cache KV", {"KV-cache": "cache"}),
        ("clean", "low-bit low‑bits", {"low‑bits": "low-bit"}),
        ("source", "low-bit lower", {}),
        ("source", "llm LLM", {}),
        ("source", "~llm LLM", {"LLM": "llm"}),
        ("source", "llm ~LLMs", {}),
        ("source", "!LLM LLMs", {}),
        ("source", "!LLM !LLM-x", {"LLM-x": "LLM"}),
        ("source", "!LLM LLM-x", {}),
        ("source", "*x-y a-x-y", {"a-x-y": "x-y"}),
        ("source", "- ~a-b", {"a-b": "-"}),
        ("clean", "=LLM LLMs", {}),
        ("clean", "*LLM vLLM", {"vLLM": "LLM"}),
        ("clean", "!cache caching", {}),
        ("clean", "!cache !caches =cache", {}),
        ("clean", "!cache =!cache", {"cache": "cache"}),
        ("clean", "=cache =caches caches", {"caches": "cache"}),
    ],
)
def test_a_keyword_whose_text_is_always_taken_is_known(
    style: str, words: str, never: dict[str, str]
) -> None:
    found = never_matching(topic([keyword_of(word) for word in words.split()]), style)
    assert {word.text: by.text for word, by in found.items()} == never


def test_several_keywords_may_take_a_text_together() -> None:
    words = [Keyword("caches"), Keyword("cached"), Keyword("cache", True)]
    more = [Keyword(word, True) for word in ("cacheds", "caching", "cachings")]
    assert never_matching(topic([*words, *more, Keyword("cache")]), "clean")[Keyword("cache")] == (
        Keyword("cache", True)
    )


@given(st.lists(KEYWORDS, min_size=2, max_size=6, unique=True), STYLES, TEXTS)
def test_a_keyword_known_to_be_taken_gets_no_badge(
    words: list[Keyword], style: str, text: str
) -> None:
    configured = topic(words)
    never = never_matching(configured, style)
    examination = Matcher([configured], style).examine(paper(text))
    assert not {badge.occurrence.keyword for badge in examination.badges} & set(never)
    assert all(words.index(by) < words.index(word) for word, by in never.items())
