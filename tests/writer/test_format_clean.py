"""In the clean style, too, whatever a paper's texts hold, a digest is sound and reads back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hostile import clean_digests, digests
from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token
from places import TEMPLATE

from digest.model import CLEAN, SOURCE, Badge, Digest, Entry, Marked, PaperId
from digest.model.errors import FormatError
from digest.writer.format.badges import plain
from digest.writer.format.changes import digest_changes, paper_name
from digest.writer.format.check import check, marked_again
from digest.writer.format.older import read_older
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer

RENDERER = Renderer(TEMPLATE)
COMMONMARK = MarkdownIt("commonmark")
DAY = date(2031, 5, 7)
URL = "https://arxiv.org/abs/3105.00002"
LLM = Badge("LLM", "FF8C00")


def entry(abstract: Marked = ("Text.",), title: str = "A: title", url: str = URL) -> Entry:
    return Entry(title, ("A. Author",), date(2031, 5, 6), url, abstract)


def clean(*entries: Entry) -> Digest:
    return Digest(DAY, entries, CLEAN)


def rendered(digest: Digest) -> str:
    return RENDERER.render(digest).decode()


def inline(digest: Digest) -> list[Token]:
    tokens = COMMONMARK.parse(rendered(digest))
    return [child for token in tokens for child in [token, *(token.children or ())]]


def badges_of(digest: Digest) -> list[Badge]:
    pieces = (piece for e in digest.entries for piece in (*e.authors, *e.abstract))
    return [piece for piece in pieces if isinstance(piece, Badge)]


def shown(texts: list[str]) -> list[str]:
    """As Markdown shows references: it has no control characters."""
    return [re.sub(r"[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]", "\ufffd", text) for text in texts]


@settings(max_examples=60)
@given(clean_digests)
def test_reading_back_gives_the_digest_and_the_file(digest: Digest) -> None:
    data = RENDERER.render(digest)
    assert read_back(data) == digest
    assert check(data, RENDERER) is None


@settings(max_examples=60)
@given(clean_digests)
def test_the_contents_lead_to_papers_badges_have_texts_and_nothing_else_is_html(
    digest: Digest,
) -> None:
    tokens = inline(digest)
    ids = [PaperId.parse(entry.url).base for entry in digest.entries]
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    html = [token.content for token in tokens if token.type.startswith("html")]
    headings = [token.tag for token in tokens if token.type == "heading_open"]
    assert links[: len(ids)] == [f"#{paper}" for paper in ids]
    assert "".join(html) == "".join(f'<a id="{paper}"></a>' for paper in ids)
    assert headings == ["h1", "h1"] + ["h2"] * len(ids)
    assert {token.type for token in tokens}.isdisjoint({"fence", "code_block", "hr"})
    pictures = [
        "".join(child.content for child in token.children or ())
        for token in tokens
        if token.type == "image" and str(token.attrs["src"]).startswith("https://img.shields.io")
    ]
    assert pictures == shown([badge.text for badge in badges_of(digest)])


@settings(max_examples=30)
@given(digests)
def test_the_two_styles_tell_the_same_abstracts(digest: Digest) -> None:
    entries = tuple(
        replace(entry, url=f"https://arxiv.org/abs/2511.{number:05d}")
        for number, entry in enumerate(digest.entries)
    )
    both = [read_back(RENDERER.render(Digest(DAY, entries, style))) for style in (SOURCE, CLEAN)]
    assert both[0].entries == both[1].entries == entries


@settings(max_examples=30)
@given(clean_digests)
def test_an_import_reads_what_reading_back_reads_but_for_wrapped_lines(digest: Digest) -> None:
    older = read_older(RENDERER.render(digest))
    assert older.style == CLEAN
    assert [paper_name(entry) for entry in older.entries] == [
        paper_name(entry) for entry in digest.entries
    ]
    assert [folded(entry) for entry in older.entries] == [folded(entry) for entry in digest.entries]


def folded(entry: Entry) -> tuple[object, ...]:
    text = " ".join(plain(entry.abstract).split())
    return entry.title, entry.authors, entry.published, text


def test_a_paper_stands_below_the_place_that_the_contents_lead_to() -> None:
    assert rendered(clean(entry(("An ", LLM, ".")))) == (
        "# 2031-05-07\n"
        "\n"
        "# Table of Contents\n"
        "* [A: title](#3105.00002)\n"
        "\n"
        "\n"
        '<a id="3105.00002"></a>\n'
        "## A: title\n"
        "\n"
        ">Authors: A. Author\n"
        "\n"
        ">2031-05-06\n"
        "\n"
        "> [https://arxiv.org/abs/3105.00002](https://arxiv.org/abs/3105.00002)\n"
        "\n"
        "An ![LLM](https://img.shields.io/badge/LLM-FF8C00).\n"
        "\n"
    )


def test_a_quiet_day_is_the_same_file_in_both_styles() -> None:
    assert rendered(clean()) == rendered(Digest(DAY, ()))
    assert read_back(RENDERER.render(clean())).style == SOURCE


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("low-bit", "low-bit"),
        ("KV\ncache", "KV&#10;cache"),
        ("C++", "C++"),
        ("](x", "&#93;(x"),
        ("a\\", "a&#92;"),
        ("`a`_b_", "&#96;a&#96;&#95;b&#95;"),
        ('<b c="d">', "&#60;b c=&#34;d&#34;&#62;"),
        ("&amp;", "&#38;amp;"),
    ],
)
def test_the_text_of_a_badge_cannot_break_its_picture(word: str, text: str) -> None:
    assert f"\n![{text}](" in rendered(clean(entry((Badge(word, "FF8C00"),))))


@pytest.mark.parametrize(
    ("text", "source", "clean_text"),
    [
        (
            "a `![logo](https://img.shields.io/badge/x-F08080)` b",
            "a `![logo]&#40;https://img.shields.io/badge/x-F08080)` b",
            "a &#96;!&#91;logo]&#40;https://img.shields.io/badge/x-F08080)` b",
        ),
        (
            "`![a ![b](https://img.shields.io/badge/x-F08080)`",
            "`![a ![b]&#40;https://img.shields.io/badge/x-F08080)`",
            "&#96;!&#91;a !&#91;b]&#40;https://img.shields.io/badge/x-F08080)`",
        ),
    ],
)
def test_a_text_like_a_badge_is_escaped_where_it_would_be_read_as_one(
    text: str, source: str, clean_text: str
) -> None:
    assert f"\n{source}\n" in rendered(Digest(DAY, (entry((text,)),)))
    assert f"\n{clean_text}\n" in rendered(clean(entry((text,))))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('<a id="3105.00002"></a>\n', "", 19, "a paper's heading, '## title', found '<a id="),
        ('<a id="3105.00001"></a>\n', "", 20, "where a link arrives, such as '<a id="),
        ('<a id="3105.00001"></a>', "<a>", 20, "where a link arrives, such as '<a id="),
        ("## A: title", "A: title", 9, "a paper's heading, '## title', found 'A: title'"),
    ],
)
def test_a_broken_file_is_told_where_it_is_broken(
    old: str, new: str, line: int, message: str
) -> None:
    text = rendered(clean(entry(), entry(url="https://arxiv.org/abs/3105.00001")))
    broken = text.replace(old, new, 1)
    assert broken != text
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_back(broken.encode())
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("](#3105.00002)", "](#a-title)", 4),
        ('<a id="3105.00002">', '<a id="3105.00003">', 7),
        ("![LLM]", "![key]", 16),
        (URL, "https://example.org/a", 4),
    ],
)
def test_check_names_the_first_difference(old: str, new: str, line: int) -> None:
    text = rendered(clean(entry(("An ", LLM, "."))))
    difference = check(text.replace(old, new).encode(), RENDERER)
    assert difference
    assert difference.line == line


def test_badges_found_again_leave_the_style() -> None:
    digest = clean(entry(("An ", LLM, ".")))
    assert marked_again(digest, lambda entry: (entry.authors, entry.abstract)) == digest


def test_a_paper_is_the_same_in_both_styles_and_another_style_is_a_change() -> None:
    source = Digest(DAY, (entry(title="A title", url="http://arxiv.org/abs/3105.00002v2"),))
    changes = digest_changes(source, clean(entry((LLM,))))
    assert (changes.came, changes.went) == ((), ())
    assert [paper_name(change.entry) for change in changes.badges] == ["3105.00002"]
    assert changes.has_more
