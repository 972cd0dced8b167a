"""Whatever a paper's texts hold, a page built from a digest gets no script and no link from it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from time import process_time

import pytest
from hostile import any_text, badges, joined, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import Page, pages
from places import TEMPLATE

from digest.model import CLEAN, SOURCE, Badge, Digest, Entry, Marked, Style
from digest.writer.format.render import Renderer

RENDERER = Renderer(TEMPLATE)
EVIL = "evil.example"
#: Within the page or to a page of the web: authors' own links stay, and so may bare addresses.
HARMLESS = re.compile(r"#.*|https?://.*", re.DOTALL | re.IGNORECASE)
SHIELDS = "https://img.shields.io/badge/"

_ATTACKS = [
    *('](x "', '[a](b)">', "<iframe src=//evil>](#", "<\n'@x<b>", "``[a](b)`"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>"),
    *('<img src=x onerror="a"b=c>', "<a href=javascript:alert(1)>x</a>", "<iframe src=//evil>"),
    *("\\<script>", "`<script>`", "``<script>`", "\\`<script>`", "<script", "</script>", "<!--"),
    *("-->", "<![CDATA[", "]]>", "<?x", "?>", "<style>", "<a title='<' href=x>", "<b\n", "<a\fx>"),
    *(f"[x](https://{EVIL})", "[x](javascript:alert(1))", f"![x](//{EVIL}/x.gif)", "[x](<y z>)"),
    *(
        f"<https://{EVIL}>",
        f"<me@{EVIL}>",
        f"<.<me@{EVIL}>",
        f"[x]: https://{EVIL}",
        "[x]",
        "[y][x]",
        "![x]",
        "[x][]",
    ),
    *(f"\n[x]: https://{EVIL}", f"\n   [x]:\n  https://{EVIL}", f"\n[a\\]: {EVIL}", "[t][a\\]"),
    *(
        f"\n* [x]: https://{EVIL}",
        f"\n> [x]: {EVIL}",
        f"\n[^1]: <{EVIL}>",
        "[^1]",
        f"\n*[x]: {EVIL}",
    ),
    *(
        "](",
        "\\](",
        "]\\(",
        "](javascript:alert(1)",
        ")",
        "`](x)`",
        "![",
        "[",
        "(",
        "{: onclick=x }",
    ),
    *("\n{: onclick=x }", "\n: x", "\n| a | b |\n| - | - |", "\n<div markdown=1>", "\n\n<script>"),
    *(
        "&lt;script>",
        "&#60;script>",
        "&#x3c;script>",
        "\\&#60;",
        "\x02",
        "\x03",
        "\0",
        "<\0script>",
    ),
    *(
        "\u2028<script>",
        "\n    <script>",
        "\n```\n",
        "\n~~~\n",
        '"',
        "'",
        "=",
        ">",
        "`",
        "``",
        "\\",
    ),
]
attacks = st.lists(st.sampled_from(_ATTACKS) | texts, max_size=6).map("".join)
abstracts = st.lists(attacks | badges, max_size=5).map(joined)
entries = st.builds(
    Entry,
    title=attacks,
    authors=st.lists((any_text | attacks).filter(bool), max_size=3).map(tuple),
    published=st.just(date(2025, 11, 26)),
    url=st.just("http://arxiv.org/abs/2511.00001v1"),
    abstract=abstracts,
)
styles = st.sampled_from([SOURCE, CLEAN])


def digest_of(style: Style, *papers: Entry) -> Digest:
    if style == CLEAN:
        papers = tuple(replace(one, url="https://arxiv.org/abs/2511.00001") for one in papers)
    return Digest(date(2025, 11, 28), papers, style)


def of_text(text: str) -> Entry:
    """A paper with the same text everywhere, around a badge too."""
    abstract: Marked = (text, Badge("LLM", "FF8C00"), text)
    return Entry(
        text, (text, text), date(2025, 11, 26), "http://arxiv.org/abs/2511.00001v1", abstract
    )


def check(digest: Digest) -> None:
    for html in pages(RENDERER.render(digest).decode()):
        page = Page(html)
        assert page.alien == [], html
        assert [link for link in page.links if not HARMLESS.fullmatch(link)] == [], html
        assert [picture for picture in page.pictures if not picture.startswith(SHIELDS)] == [], html


@pytest.mark.parametrize("style", [SOURCE, CLEAN])
def test_no_known_attack_gets_into_a_page(style: Style) -> None:
    for attack in _ATTACKS:
        check(digest_of(style, of_text(attack), of_text(f"a {attack} b")))


@settings(max_examples=40)
@given(styles, st.lists(entries, max_size=3))
def test_no_mixture_of_attacks_gets_into_a_page(style: Style, papers: list[Entry]) -> None:
    check(digest_of(style, *papers))


@pytest.mark.parametrize(
    "scrap", ["<a", '<a="', "<a@", "a@", "`<b>", "` `` ", "[\\[\n", "](", "![", "\\", "- ", "&#3"]
)
def test_a_long_text_made_to_be_slow_is_not(scrap: str) -> None:
    start = process_time()
    RENDERER.render(digest_of(CLEAN, of_text("<" + scrap * (10_000 // len(scrap)))))
    assert process_time() - start < 1
