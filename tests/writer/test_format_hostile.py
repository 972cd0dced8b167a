"""Whatever a paper's texts hold, a digest is a sound document and reads back unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import unquote

import pytest
from hostile import any_text, badges, digests, scraps
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pages import ELEMENTS
from places import TEMPLATE

from digest.model import Badge, Digest, Entry, Marked
from digest.writer.format.badges import plain
from digest.writer.format.check import check
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer

RENDERER = Renderer(TEMPLATE)
COMMONMARK = MarkdownIt("commonmark")
DAY = date(2025, 11, 28)
URL = "http://arxiv.org/abs/2511.00001v1"


def digest_of(*entries: Entry) -> Digest:
    return Digest(DAY, entries)


def entry(abstract: Marked = ("Text.",), title: str = "A title") -> Entry:
    return Entry(title, ("A. Author", "B. Author"), date(2025, 11, 26), URL, abstract)


def rendered(digest: Digest) -> str:
    return RENDERER.render(digest).decode()


def abstract_of(text: str) -> str:
    """How an abstract stands in the file."""
    return "\n".join(rendered(digest_of(entry((text,)))).split("\n")[14:-2])


def parsed(digest: Digest) -> list[Token]:
    return COMMONMARK.parse(rendered(digest))


def inline(tokens: Iterable[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or ()]


def shown(token: Token) -> str:
    """The characters that a reader sees in a paragraph or heading."""
    return "".join(
        "\n" if child.type == "softbreak" else child.content for child in token.children or ()
    )


def is_bare(html: str) -> bool:
    """Whether it is a tag without attributes of which HTML knows nothing."""
    name = re.fullmatch(r"</?([A-Za-z][A-Za-z0-9-]*)/?>", html)
    return name is not None and name[1].lower() not in ELEMENTS


def drawn(picture: str) -> tuple[str, str]:
    """Text and colour of a badge, the way Shields reads its address."""
    found = re.fullmatch(r"https://img\.shields\.io/badge/((?:[^-]|--)*)-(\w{6})", picture)
    assert found
    spaced = re.sub(r"(?<!_)((?:__)*)_(?!_)", r"\1 ", unquote(found[1]))
    return spaced.replace("__", "_").replace("--", "-"), found[2]


@given(digests)
def test_reading_back_gives_the_digest(digest: Digest) -> None:
    assert read_back(RENDERER.render(digest)) == digest


@given(digests)
def test_a_file_read_back_and_rendered_is_the_same_file(digest: Digest) -> None:
    assert check(RENDERER.render(digest), RENDERER) is None


@given(digests)
def test_a_document_has_its_two_headings_and_one_a_paper(digest: Digest) -> None:
    tokens = parsed(digest)
    levels = [token.tag for token in tokens if token.type == "heading_open"]
    assert levels == ["h1", "h1"] + ["h2"] * len(digest.entries)


@given(digests)
def test_a_document_has_no_html_no_code_blocks_and_no_breaks(digest: Digest) -> None:
    tokens = parsed(digest)
    assert {token.type for token in tokens}.isdisjoint({"html_block", "fence", "code_block", "hr"})
    html = [token.content for token in inline(tokens) if token.type == "html_inline"]
    assert [tag for tag in html if not is_bare(tag)] == []


@given(digests)
def test_every_badge_is_seen_as_a_picture_of_its_word_but_in_code_and_addresses(
    digest: Digest,
) -> None:
    pictures = [str(t.attrs["src"]) for t in inline(parsed(digest)) if t.type == "image"]
    badges = [
        (piece.text, piece.color)
        for entry in digest.entries
        for piece in (*entry.authors, *entry.abstract)
        if isinstance(piece, Badge)
    ]
    seen = [drawn(src) for src in pictures if src.startswith("https://img.shields.io")]
    may_hide = any(
        sign in plain(entry.abstract) for entry in digest.entries for sign in ("`", "](", "<http")
    )
    left = iter(badges)
    assert all(badge in left for badge in seen) if may_hide else seen == badges


@given(st.lists(any_text | scraps, max_size=4))
def test_every_line_of_the_contents_is_one_link_to_its_paper(titles: list[str]) -> None:
    tokens = parsed(digest_of(*(entry(title=title) for title in titles)))
    links = [t for t in inline(tokens) if t.type == "link_open" and str(t.attrs["href"])[0] == "#"]
    assert len(links) == len(titles)


@given(any_text | scraps, st.lists(any_text | scraps, max_size=3))
def test_links_to_arxiv_are_links_whatever_they_hold(url: str, authors: list[str]) -> None:
    paper = Entry("T", tuple(filter(None, authors)), DAY, url, ("Text.",))
    hrefs = [t.attrs["href"] for t in inline(parsed(digest_of(paper))) if t.type == "link_open"]
    assert len([href for href in hrefs if href != "#t"]) == 1


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# One", "&#35; One"),
        ("## Two\n>Authors: A. Nobody", "&#35;# Two\n&#62;Authors: A. Nobody"),
        ("A title\n===", "A title\n&#61;=="),
        ("A title\n-", "A title\n&#45;"),
        ("***", "&#42;**"),
        ("```\ncode", "&#96;``\ncode"),
        ("~~~\ncode", "&#126;~~\ncode"),
        ("<!-- hidden", "&#60;!-- hidden"),
        ("a <!-- hidden --> b", "a &#60;!-- hidden --> b"),
        ("a <b and=c> b", "a &#60;b and=c> b"),
        ("a <mailto:someone@example.org>", "a &#60;mailto:someone@example.org>"),
        ("a <javascript:alert(1)>", "a &#60;javascript:alert(1)>"),
        ("a <someone@example.org>", "a &#60;someone@example.org>"),
        ("a [link](javascript:alert(1))", "a [link]&#40;javascript:alert(1))"),
        ("a [link](//example.org)", "a [link]&#40;//example.org)"),
        ("a [link](page.html)", "a [link]&#40;page.html)"),
        ("a [link](data:text/html,x)", "a [link]&#40;data:text/html,x)"),
        ("a [link](<https://example.org>)", "a [link]&#40;<https://example.org>)"),
        ("a ![picture](https://example.org/x.gif)", "a ![picture]&#40;https://example.org/x.gif)"),
        ("![a [b](x)](https://a.example)", "![a [b]&#40;x)]&#40;https://a.example)"),
        ("from <Answer> to <Answer x>", "from <Answer> to &#60;Answer x>"),
        ("from <Answer> to <search>", "from <Answer> to &#60;search>"),
        ("from <Answer> to <b$ and >", "from <Answer> to &#60;b$ and >"),
        ("<Answer>\nis alone", "&#60;Answer>\nis alone"),
        ("a ![picture](x.gif)", "a ![picture]&#40;x.gif)"),
        ("the tag `<b>`", "the tag `&#60;b>`"),
        ("a \\<b>", "a &#92;&#60;b>"),
        ("<div", "&#60;div"),
        ("[1]: http://example.org", "&#91;1]: http://example.org"),
        ("- # deep", "- &#35; deep"),
        ("1. ```", "1. &#96;``"),
        ("-", "&#45;"),
        ("-      far", "&#45;      far"),
        ("10.", "&#49;0."),
        ("    code", "&#32;   code"),
        ("one\n\ntwo", "one&#10;\ntwo"),
        ("one\n  \ntwo", "one&#10;  \ntwo"),
        ("one\ttwo\rthree\x0b\x0c\x85\u2028", "one&#9;two&#13;three&#11;&#12;&#133;&#8232;"),
        ("a reference: &#35;", "a reference: &#38;#35;"),
        ("end \\\t", "end &#92;&#9;"),
    ],
)
def test_what_would_break_the_document_is_escaped(text: str, written: str) -> None:
    assert abstract_of(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "* a list\n* of two",
        "- one\n- two\n  In a paragraph",
        "1. first\n2) second",
        "$a<b$ and $x_{1}$, \\(2\\times\\), $2.2\\times$, 5\\%",
        "*emphasis*, __strength__, `code`, ``quoted''",
        "(<2m) a < b > c, $a<b$ and https://example.org/a",
        "a &amp; b, &#39;c&#39;, AT&T",
        "[a] (https://example.org), [1], n![x]",
        "first,  second\n    third, a=b\nC# and #hash - dash",
        "``semantic atoms.'' and ``b'' and `c` and ```d",
        "[https://example.org/a](https://example.org/a), [x](HTTP://example.org 'y')",
        "[[1](https://example.org/a_(b))] and <https://example.org/a>",
        "from <Answer> to <Think>, </Think>, <end_of_turn>, <|im_end|>, <mask/>, <SEP-1>",
        "<Answer> first, ``<Think>'' last",
        "$\\bf{D^3}$, \\[x\\], a\\\\b, \\& and \\",
        "\u200fעברית\u200e 𝒳 é\u00a0-",
    ],
)
def test_what_is_harmless_stays_as_it_came(text: str) -> None:
    assert abstract_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "## Two\n>Authors: A. Nobody",
        "A title\n=== ",
        "```python\ncode",
        "<div>\nwords",
        "![key](https://img.shields.io/badge/LLM-FF8C00)",
        "[1]: http://example.org",
        "&#35; stays",
        "1. \\\u2028",
    ],
)
def test_an_escaped_text_is_shown_as_it_was(text: str) -> None:
    paragraph = next(t for t in reversed(parsed(digest_of(entry((text,))))) if t.type == "inline")
    assert shown(paragraph).rstrip(" ") == re.sub(r"\A1\. ", "", text).rstrip(" ")


@pytest.mark.parametrize(
    "title",
    [
        "[Re] On [x](y)",
        "A title]",
        "One ` two `` three",
        "``Quoted'' words",
        "Ends in a backslash\\",
        "<!-- hidden",
        "A <b>bold</b> claim",
        "<https//x> and <a@b.example>",
        "# Leading, trailing #",
        "Closed ##",
        "(unclosed",
        "closed) (again",
        "f(x) (y)",
        "x" * 500,
        "!",
        " ",
        "",
    ],
)
def test_a_title_is_shown_as_it_was_in_heading_and_link(title: str) -> None:
    tokens = parsed(digest_of(entry(title=title)))
    inlines = [token for token in tokens if token.type == "inline"]
    _, _, listed, heading, *_ = inlines
    assert shown(listed) == shown(heading) == title


@pytest.mark.parametrize("quoting", ["[a](LLM)", "![LLM](x)", "<x:LLM>", "[LLM](http://x)"])
def test_a_badge_inside_what_would_hide_it_is_shown(quoting: str) -> None:
    before, after = quoting.split("LLM")
    paper = entry((before, Badge("LLM", "FF8C00"), f"{after} and ``more'' `x`"))
    pictures = [t for t in inline(parsed(digest_of(paper))) if t.type == "image"]
    assert len(pictures) == 1


@pytest.mark.parametrize(
    ("before", "after"), [('](    <http:``=<http:"', ">\n2) ]("), ('```](``[\n-  <a "``', "")]
)
def test_an_escape_opens_nothing_that_hides_a_badge(before: str, after: str) -> None:
    paper = entry(tuple(filter(None, (before, Badge("LLM", "FF8C00"), after))))
    pictures = [t for t in inline(parsed(digest_of(paper))) if t.type == "image"]
    assert len(pictures) == 1


def test_a_macro_before_a_badge_does_not_spoil_it() -> None:
    assert "&#92;![key](" in rendered(digest_of(entry(("\\", Badge("LLM", "FF8C00")))))


def anchors(*titles: str) -> list[str]:
    found = re.findall(r"\(#(.*)\)\n", rendered(digest_of(*(entry(title=t) for t in titles))))
    return list(found)


def test_anchors_of_plain_titles_are_lower_case_and_others_keep_all() -> None:
    titles = ["A Plain-Title 2", "Yume-1.5 A Model", "M$^3$Prune Talk", "Look (Closer)!"]
    assert anchors(*titles) == [
        "a-plain-title-2",
        "Yume-1.5-A-Model",
        "M$^3$Prune-Talk",
        "Look-(Closer)!",
    ]


def test_anchors_of_equal_titles_are_numbered_as_on_github() -> None:
    assert anchors("Foo", "foo", "Foo 1", "Foo", "Table of Contents") == [
        "foo",
        "foo-1",
        "foo-1-1",
        "foo-2",
        "table-of-contents-1",
    ]


@given(badges)
def test_shields_draws_the_word_of_a_badge(badge: Badge) -> None:
    found = re.search(r"!\[key\]\((\S*)\)\n", rendered(digest_of(entry((badge,)))))
    assert found and drawn(found[1]) == (badge.text, badge.color)


def test_a_badge_of_an_older_make_is_read() -> None:
    old = rendered(digest_of(entry((Badge("low-bit", "F08080"), " and ", Badge("a b", "F08080")))))
    old = old.replace("low--bit", "low-bit").replace("a_b", "a%20b")
    assert plain(read_back(old.encode()).entries[0].abstract) == "low-bit and a b"


def test_no_authors_and_thousands_of_authors_read_back() -> None:
    for authors in ((), tuple(f"Given{n} Family, {n}" for n in range(3000))):
        digest = digest_of(Entry("T", authors, DAY, URL, ()))
        assert read_back(RENDERER.render(digest)) == digest


def test_a_day_without_papers_is_a_digest_too() -> None:
    assert rendered(digest_of()) == "# 2025-11-28\n\n# Table of Contents\n\n"
    assert read_back(b"# 2025-11-28\n\n# Table of Contents\n\n") == digest_of()


@pytest.mark.parametrize(
    ("title", "listed", "heading"),
    [
        ("On [EOS] and [[x] y]", "[On [EOS] and [[x] y]](#On-[EOS]-and-[[x]-y])", ""),
        ("[x] On] y", "[[x] On&#93; y](#[x]-On]-y)", "[x] On&#93; y"),
        ("On [x", "[On &#91;x](#On-[x)", "On &#91;x"),
        ("On [x](y)", "[On [x]&#40;y)](#On-[x]&#40;y&#41;)", "On [x]&#40;y)"),
        ("From <Answer> to <Think>", "[From <Answer> to <Think>](#From-<Answer>-to-<Think>)", ""),
        (
            "A <b> and <!-- c",
            "[A &#60;b> and &#60;!-- c](#A-&#60;b>-and-&#60;!---c)",
            "A &#60;b> and &#60;!-- c",
        ),
        ("``Quoted'' words", "[``Quoted'' words](#&#96;&#96;Quoted''-words)", ""),
        ("The `x` and `[`", "[The `x` and `&#91;`](#The-`x`-and-`[`)", "The `x` and `&#91;`"),
        (r"$\bf{D^3}$QE", r"[$\bf{D^3}$QE](#$\bf{D^3}$QE)", ""),
        (r"R$^\varepsilon$-\{x\}", r"[R$^\varepsilon$-\{x\}](#R$^\varepsilon$-&#92;{x&#92;})", ""),
        (r"\[ x", r"[\[ x](#&#92;[-x)", ""),
        (
            r"``[EOS]'' of <Think>: $\bf{D}$ [x",
            r"[``[EOS]'' of <Think>: $\bf{D}$ &#91;x](#&#96;&#96;[EOS]''-of-<Think>:-$\bf{D}$-[x)",
            r"``[EOS]'' of <Think>: $\bf{D}$ &#91;x",
        ),
        (r"\`[` [x]", r"[\`&#91;` &#91;x&#93;](#&#92;&#96;[&#96;-[x])", r"\`&#91;` &#91;x&#93;"),
    ],
)
def test_of_a_title_only_what_would_break_its_link_is_escaped(
    title: str, listed: str, heading: str
) -> None:
    lines = rendered(digest_of(entry(title=title))).split("\n")
    assert lines[3] == f"* {listed}"
    assert lines[6] == f"## {heading or title}"
