"""Digests whose texts try to break the document, for hypothesis."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from digest.model import CLEAN, Badge, Digest, Entry, Marked

_LINES = [
    *("# One", "## Two", "####### Seven", "#hash", "===", "=", "---", "-", "--", "***", "_ _ _"),
    *("```", "~~~", "``` python", "````", "    code", "> said", ">Authors: A. Nobody"),
    *("> [http://arxiv.org/abs/1](x)", "<div>", "</div>", "<!-- open", "-->", "<?php", "<b"),
    *("<![CDATA[", "<script>", "<pre>", "<https://a.example/b>", "<a@b.example>", "[x]: http://y"),
    *("[x", "y]: z", "* item", "1. one", "2) two", "10.", "*", "- # deep", "- ```", "-      far"),
    *("- > quote", "  In this", "plain words", "a | b", "--- | ---", "* [T](#t)", "# 2025-11-28"),
    *("1. - ## deeper", "+", "\\", "&#35;", "&#13;", "&#39;", "&amp;", "\\# x", "$a<b$ and $c>d$"),
]
_SCRAPS = [
    *(
        "`",
        "``",
        "```",
        "`a`",
        "``a''",
        "\\",
        "\\\\",
        "\\`",
        "<",
        ">",
        "<b>",
        "<b ",
        '<b c="',
        '">',
    ),
    *(
        "](",
        "](x ",
        '](x "',
        "](<",
        ")",
        "[",
        "![",
        "![key](",
        "[a](b)",
        "![a](b)",
        "!",
        "<http://",
    ),
    *("![key](https://img.shields.io/badge/a-F08080)", "![key](https://img.shields.io/badge/"),
    *("![a](https://img.shields.io/badge/b-F08080)", "](https://img.shields.io/badge/c-F08080)"),
    *('<a id="2511.00001"></a>', "$", "LLM:", "&#93;", ": "),
    *("&", "&#", "&#3", "5;", "#", " ", "  ", "\n", "\n\n", "\n \n", "\t", "\r", "\v", "\f", "\0"),
    *("\x85", "\u2028", "\u2029", "\u200f", "\u202e", "𝒳", "é", "a", "0", "*", "_", "~", "-", "="),
]

any_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
scraps = st.lists(st.sampled_from(_SCRAPS), max_size=8).map("".join)
lines = st.lists(st.sampled_from(_LINES), max_size=5).map("\n".join)
texts = st.one_of(any_text, scraps, lines, st.lists(scraps | lines, max_size=3).map("\n".join))

badges = st.builds(
    Badge,
    st.one_of(any_text, st.text(alphabet="-_ a%/é()\n", max_size=6), st.sampled_from(_SCRAPS)),
    st.sampled_from(["F08080", "FF8C00", "00ff7f"]),
)


def joined(pieces: list[str | Badge]) -> Marked:
    """A marked text as a matcher makes them: no empty text, no two texts side by side."""
    marked: list[str | Badge] = []
    for piece in pieces:
        if isinstance(piece, str) and marked and isinstance(marked[-1], str):
            piece = marked.pop() + piece  # type: ignore[operator]
        if piece:
            marked.append(piece)
    return tuple(marked)


abstracts = st.lists(texts | badges, max_size=7).map(joined)

entries = st.builds(
    Entry,
    title=any_text | scraps,
    authors=st.lists(
        (any_text | scraps | st.sampled_from(["Smith, Jr.", ",", " ,", ", "])).filter(bool)
        | badges,
        max_size=4,
    ).map(tuple),
    published=st.dates(),
    url=st.just("http://arxiv.org/abs/2511.21669v1") | any_text | scraps,
    abstract=abstracts,
)

days = st.dates(date(1991, 8, 14), date(2100, 1, 1))
digests = st.builds(
    Digest,
    day=days,
    entries=st.lists(entries, max_size=4).map(tuple),
)

_IDS = ["2511.00001", "2511.00002", "0704.0001", "hep-th/9901001", "math.GT/9901001"]
_clean_entries = st.builds(
    Entry,
    title=any_text | scraps | st.sampled_from(["2511.00001", "251100001", "Table of Contents"]),
    authors=st.lists((any_text | scraps).filter(bool) | badges, max_size=2).map(tuple),
    published=st.dates(),
    url=st.sampled_from([f"https://arxiv.org/abs/{paper}" for paper in _IDS]),
    abstract=abstracts,
)
#: In the clean style, with one entry a paper and at least one.
clean_digests = st.builds(
    Digest,
    day=days,
    entries=st.lists(_clean_entries, min_size=1, max_size=4, unique_by=lambda entry: entry.url).map(
        tuple
    ),
    style=st.just(CLEAN),
)
