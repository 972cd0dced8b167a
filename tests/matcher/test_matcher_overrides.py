"""Keywords that say for themselves what they match, and what is known of keywords beforehand."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching import badges, paper

from digest.matcher import Matcher, never_matching, word_parts
from digest.model import CLEAN, SOURCE, Group, Keyword, Style, Topic, WordPart

TEXT = "MX mx MXs mxs xMX xmx MX-x"


def only(keyword: Keyword, style: Style) -> Matcher:
    return Matcher([Topic("t", (Group("g", "F08080", (keyword,)),))], style)


@pytest.mark.parametrize(
    ("style", "whole_word", "case", "found"),
    [
        (SOURCE, None, None, "MX MX MX MX"),
        (SOURCE, None, True, "MX MX MX MX"),
        (SOURCE, None, False, "MX mx MX mx MX mx MX"),
        (SOURCE, False, None, "MX MX MX MX"),
        (SOURCE, False, True, "MX MX MX MX"),
        (SOURCE, False, False, "MX mx MX mx MX mx MX"),
        (SOURCE, True, None, "MX MX"),
        (SOURCE, True, True, "MX MX"),
        (SOURCE, True, False, "MX mx MX"),
        (CLEAN, None, None, "MX mx MXs mxs MX"),
        (CLEAN, None, True, "MX MXs MX"),
        (CLEAN, None, False, "MX mx MXs mxs MX"),
        (CLEAN, False, None, "MX mx MX mx MX mx MX"),
        (CLEAN, False, True, "MX MX MX MX"),
        (CLEAN, False, False, "MX mx MX mx MX mx MX"),
        (CLEAN, True, None, "MX mx MX"),
        (CLEAN, True, True, "MX MX"),
        (CLEAN, True, False, "MX mx MX"),
    ],
)
def test_what_a_keyword_says_itself_goes_before_the_style(
    style: Style, whole_word: bool | None, case: bool | None, found: str
) -> None:
    assert badges(only(Keyword("MX", whole_word, case), style), TEXT) == found.split()


def test_the_source_style_protects_nothing_and_joins_nothing() -> None:
    assert badges(only(Keyword("KV cache", True, False), SOURCE), "$kv CACHE$ KV-cache") == [
        "kv CACHE"
    ]


def test_the_clean_style_joins_and_protects_whatever_a_keyword_says() -> None:
    assert badges(only(Keyword("KV cache", False, True), CLEAN), "$KV cache$ xKV-cachex") == [
        "KV-cache"
    ]


@pytest.mark.parametrize(
    ("keyword", "style", "parts"),
    [
        (Keyword("disaggregate"), SOURCE, "*disaggregate*"),
        (Keyword("KV cache"), SOURCE, "*kv cache*"),
        (Keyword("KV cache"), CLEAN, "kv cach*"),
        (Keyword("KV-cache", whole_word=True), CLEAN, "kv cache"),
        (Keyword("query"), CLEAN, "quer*"),
        (Keyword("50%_é"), SOURCE, "*50"),
        (Keyword("--x"), SOURCE, "x*"),
        (Keyword("MX", whole_word=True), SOURCE, "mx"),
        (Keyword("é"), SOURCE, ""),
    ],
)
def test_the_parts_of_words_are_few_and_narrow(keyword: Keyword, style: Style, parts: str) -> None:
    assert shown(word_parts(keyword, style)) == parts


def shown(parts: Sequence[WordPart]) -> str:
    """`*kv cache*`: where a word may go on there is a star."""
    return " ".join("*" * (not part.begins) + part.text + "*" * (not part.ends) for part in parts)


STYLES = st.sampled_from([SOURCE, CLEAN])
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
    keyword: Keyword, style: Style, text: str
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
        (SOURCE, "LLM LLMs vLLM", {"LLMs": "LLM", "vLLM": "LLM"}),
        (CLEAN, "LLM LLMs vLLM", {"LLMs": "LLM"}),
        (CLEAN, "LLMs LLM", {}),
        (SOURCE, "overlap overlapping", {"overlapping": "overlap"}),
        (CLEAN, "overlap overlapping", {"overlapping": "overlap"}),
        (
            CLEAN,
            "decode decoder decoding decoded",
            dict.fromkeys(["decoder", "decoding", "decoded"], "decode"),
        ),
        (CLEAN, "pruning pruned", {}),
        (CLEAN, "cache KV-cache KV", {"KV-cache": "cache"}),
        (CLEAN, "low-bit low‑bits", {"low‑bits": "low-bit"}),
        (SOURCE, "low-bit lower", {}),
        (SOURCE, "llm LLM", {}),
        (SOURCE, "~llm LLM", {"LLM": "llm"}),
        (SOURCE, "llm ~LLMs", {}),
        (SOURCE, "!LLM LLMs", {}),
        (SOURCE, "!LLM !LLM-x", {"LLM-x": "LLM"}),
        (SOURCE, "!LLM LLM-x", {}),
        (SOURCE, "*x-y a-x-y", {"a-x-y": "x-y"}),
        (SOURCE, "- ~a-b", {"a-b": "-"}),
        (CLEAN, "=LLM LLMs", {}),
        (CLEAN, "*LLM vLLM", {"vLLM": "LLM"}),
        (CLEAN, "!cache caching", {}),
        (CLEAN, "!cache !caches =cache", {}),
        (CLEAN, "!cache =!cache", {"cache": "cache"}),
        (CLEAN, "=cache =caches caches", {"caches": "cache"}),
    ],
)
def test_a_keyword_whose_text_is_always_taken_is_known(
    style: Style, words: str, never: dict[str, str]
) -> None:
    found = never_matching(topic([keyword_of(word) for word in words.split()]), style)
    assert {word.text: by.text for word, by in found.items()} == never


def test_several_keywords_may_take_a_text_together() -> None:
    words = [Keyword("caches"), Keyword("cached"), Keyword("cache", True)]
    more = [Keyword(word, True) for word in ("cacheds", "caching", "cachings")]
    assert never_matching(topic([*words, *more, Keyword("cache")]), CLEAN)[Keyword("cache")] == (
        Keyword("cache", True)
    )


@given(st.lists(KEYWORDS, min_size=2, max_size=6, unique=True), STYLES, TEXTS)
def test_a_keyword_known_to_be_taken_gets_no_badge(
    words: list[Keyword], style: Style, text: str
) -> None:
    configured = topic(words)
    never = never_matching(configured, style)
    examination = Matcher([configured], style).examine(paper(text))
    assert not {badge.occurrence.keyword for badge in examination.badges} & set(never)
    assert all(words.index(by) < words.index(word) for word, by in never.items())
