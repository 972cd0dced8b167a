"""Digests of older makes are read like those of the source format, or refused with the line."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hostile import digests as hostile_digests
from hypothesis import given, settings
from hypothesis import strategies as st
from older import RENDERER, VARIANTS, Variant, bare_links, entry, no_contents, plain_badges, wrapped

from digest.model import Badge, Digest, Entry, Marked
from digest.model.errors import FormatError
from digest.writer.format.badges import plain
from digest.writer.format.older import read_older
from digest.writer.format.read import read_back

FOLDER = os.environ.get("DIGEST_SOURCE_FILES")
DAY = date(2025, 11, 28)
DIGEST = Digest(
    DAY,
    (entry("2511.00002", date(2025, 11, 26)), entry("2511.00001", date(2025, 11, 25))),
)
TEXT = RENDERER.render(DIGEST).decode()

WORDS = """
    pre-trained models, $x < y$ (and) *more* don't café 3.5 [see below] 𝒳 https://a.example/b
    a_b well-known #1 key
"""

words = st.sampled_from(WORDS.split())
badge_words = st.from_regex(r"[A-Za-z]+([- ][A-Za-z]+)?", fullmatch=True)


def joined(paragraphs: list[list[str | Badge]]) -> Marked:
    """Words and badges with spaces between them; a line end and two spaces begin a paragraph."""
    pieces: list[str | Badge] = []
    text = ""
    for number, paragraph in enumerate(paragraphs):
        text += "\n  " if number else ""
        for place, piece in enumerate(paragraph):
            text += " " if place else ""
            if isinstance(piece, str):
                text += piece
            else:
                pieces += [text, piece] if text else [piece]
                text = ""
    return tuple([*pieces, text] if text else pieces)


abstracts = st.lists(
    st.lists(words | st.builds(Badge, badge_words, st.just("F08080")), min_size=1, max_size=30),
    max_size=3,
).map(joined)
links = st.builds(
    "http://arxiv.org/abs/2511.{:05d}v{}".format, st.integers(1, 99999), st.integers(1, 9)
) | st.builds("https://arxiv.org/abs/math/{:07d}".format, st.integers(0, 9999999))
papers = st.builds(
    Entry,
    title=st.lists(words, min_size=1).map(" ".join),
    authors=st.lists(st.sampled_from(["Ada Ash", "É. Birch, Jr."]), max_size=3).map(tuple),
    published=st.dates(date(1991, 8, 14), date(2100, 1, 1)),
    url=links,
    abstract=abstracts,
)
older_digests = st.builds(Digest, day=st.dates(), entries=st.lists(papers, max_size=4).map(tuple))


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_another_text_of_the_same_digest(variant: Variant) -> None:
    older = variant(TEXT)
    assert older != TEXT
    assert read_older(older.encode()) == DIGEST


@settings(deadline=None)  # a shared machine is slow now and then
@given(older_digests, st.sets(st.sampled_from(range(len(VARIANTS)))))
def test_any_digest_in_any_mixture_of_variants_reads_the_same(
    digest: Digest, chosen: set[int]
) -> None:
    text = RENDERER.render(digest).decode()
    for number in sorted(chosen):
        text = VARIANTS[number](text)
    assert read_older(text.encode()) == digest


@settings(deadline=None)  # a shared machine is slow now and then
@given(hostile_digests)
def test_a_file_in_the_source_format_reads_as_read_back_reads_it_but_for_wrapped_lines(
    digest: Digest,
) -> None:
    entries = tuple(
        Entry(each.title, each.authors, each.published, links_to(number), each.abstract)
        for number, each in enumerate(digest.entries, start=1)
    )
    data = RENDERER.render(Digest(digest.day, entries))
    exact, older = read_back(data), read_older(data)
    assert [folded(each) for each in older.entries] == [folded(each) for each in exact.entries]
    assert older.day == exact.day


def links_to(number: int) -> str:
    return f"http://arxiv.org/abs/2511.{number:05d}v1"


def folded(each: Entry) -> tuple[object, ...]:
    text = " ".join(plain(each.abstract).split())
    return each.title, each.authors, each.published, each.url, text


@pytest.mark.skipif(
    not FOLDER, reason="DIGEST_SOURCE_FILES does not name the folder of the source files"
)
@pytest.mark.parametrize("variant", [None, *VARIANTS])
@pytest.mark.parametrize("name", ["2025-11-28.md", "2025-12-31.md"])
def test_a_source_file_reads_the_same_in_every_variant(name: str, variant: Variant | None) -> None:
    source = (Path(FOLDER or "") / name).read_bytes()
    older = variant(source.decode()).encode() if variant else source
    assert read_older(older) == read_back(source)


@pytest.mark.parametrize("link", ["> [abs](http://arxiv.org/abs/2511.00002v1)", ">%s", "%s"])
def test_a_link_is_read_however_it_is_written(link: str) -> None:
    url = DIGEST.entries[0].url
    older = TEXT.replace(f"> [{url}]({url})", link.replace("%s", url))
    assert older != TEXT
    assert read_older(older.encode()) == DIGEST


def test_a_badge_that_was_wrapped_is_read() -> None:
    text = plain_badges(TEXT.replace("low--bit", "low_bit")).replace("low bit", "low\nbit")
    assert "badge/low\nbit-F08080)" in text
    assert Badge("low bit", "F08080") in read_older(text.encode()).entries[0].abstract


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("# 2025-11-28\n", "# 28 Nov\n", 1, "expected the day"),
        ("# 2025-11-28\n", "# 2025-11-31\n", 1, "2025-11-31, which is no date"),
        ("## A title\n", "A title\n", 3, "expected a paper's heading, '## title'"),
        (">Authors: ", ">By ", 5, "expected '>Authors: ' and the names"),
        (">2025-11-26", ">yesterday", 7, "expected the day of the first version"),
        ("2511.00002v1", "2511.00002v0", 9, "which is no link to a paper of arXiv"),
        ("http://arxiv.org", "http://a.example", 9, "which is no link to a paper of arXiv"),
        ("http://arxiv.org/abs/2511.00002v1", "not a link", 9, "expected the link"),
        ("2511.00002v1\n", "2511.00002v1)\n", 9, "expected the link"),
        ("before.\n", "before.\n\nmore words\n", 14, "a paper's heading, '## title', found 'more"),
        ("before.\n", "before.\n## B\n", 13, "a blank line between abstract and heading"),
    ],
)
def test_a_broken_line_of_an_older_digest_is_named(
    old: str, new: str, line: int, message: str
) -> None:
    text = bare_links(no_contents(TEXT))
    assert old in text
    with pytest.raises(FormatError) as caught:
        read_older(text.replace(old, new, 1).encode(), "old.md")
    assert (caught.value.line, f"old.md:{line}: " in str(caught.value)) == (line, True)
    assert message in str(caught.value)


def test_a_file_that_ends_before_the_last_paper_of_its_contents_is_refused() -> None:
    """As one that was not copied to its end."""
    first = TEXT.index("\n", TEXT.index("\n* ") + 1)
    for end in range(first, TEXT.rindex(DIGEST.entries[-1].url)):
        with pytest.raises(FormatError):
            read_older(TEXT[:end].encode())
    cut = TEXT[: TEXT.rindex("\n## ")]
    with pytest.raises(FormatError, match=r"the 2 papers of its contents, found 1$"):
        read_older(cut.encode())
    assert read_older(no_contents(cut).encode()).entries == DIGEST.entries[:1]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_older(b"\xef\xbb\xbf" + TEXT.encode()) == DIGEST


def test_bytes_that_are_no_text_are_named_with_their_line() -> None:
    with pytest.raises(FormatError, match=r"old\.md:2: expected text in UTF-8, .* 0xff"):
        read_older(b"# 2025-11-28\r\n\xff", "old.md")


def test_control_characters_are_read_as_they_stand() -> None:
    text = no_contents(wrapped(TEXT)).replace("A title", "A\x1b[31m\0\u2028title")
    assert read_older(text.encode()).entries[0].title == "A\x1b[31m\0\u2028title"


@settings(deadline=None)  # a shared machine is slow now and then
@given(st.binary(max_size=200) | st.text(alphabet="# >*[](\r\n25-1", max_size=60).map(str.encode))
def test_any_bytes_are_a_digest_or_a_format_error(data: bytes) -> None:
    line = 1
    try:
        read_older(data)
    except FormatError as error:
        line = error.line
    assert 1 <= line <= data.count(b"\n") + 2
