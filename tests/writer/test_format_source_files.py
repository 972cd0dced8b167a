"""The two source files are what the digests that they hold are rendered to, badges included."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from composing import compose
from hypothesis import given, settings
from hypothesis import strategies as st
from places import TEMPLATE

from digest.matcher import Matcher
from digest.model import Badge, Entry, Group, Marked, Names, Paper, Topic, plain_keywords
from digest.model.errors import FormatError
from digest.writer.format.badges import plain
from digest.writer.format.check import check, first_difference, marked_again
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer

FOLDER = os.environ.get("DIGEST_SOURCE_FILES")
NAMES = ("2025-11-28.md", "2025-12-31.md")
RENDERER = Renderer(TEMPLATE)
TECHNIQUES = """
    sparse pruning sparsity quantization quantize low-bit acceleration KV cache communication
    overlap overlapping MicroScaling MX prefill decode prefilling decoding disaggregate
    disaggregation
"""
BACKGROUND = "LLM LLMs transformer vLLM serving compression"

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="DIGEST_SOURCE_FILES does not name the folder of the source files"
)


def source(name: str) -> bytes:
    return (Path(FOLDER or "") / name).read_bytes()


def matcher_of(name: str) -> Matcher:
    """The keywords with which the file was written: the older one did not have the last one."""
    techniques = TECHNIQUES.split()[: -1 if name == NAMES[0] else None]
    groups = (
        Group("technique", "F08080", plain_keywords(*techniques)),
        Group("background", "FF8C00", plain_keywords(*BACKGROUND.split())),
    )
    return Matcher([Topic("efficient-llm", groups, exclude=("spiking", "BEV"))])


def paper_of(entry: Entry, number: int) -> Paper:
    moment = datetime(entry.published.year, entry.published.month, entry.published.day, tzinfo=UTC)
    id_ = f"{entry.published:%y%m}.{90000 - number:05d}"
    return Paper(
        id_, 1, entry.url, entry.title, plain(entry.abstract), entry.names, (), moment, moment
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_source_file_is_rendered_byte_for_byte(name: str) -> None:
    assert RENDERER.render(read_back(source(name))) == source(name)


@pytest.mark.parametrize(("name", "papers"), [(NAMES[0], 42), (NAMES[1], 61)])
def test_every_paper_of_a_source_file_is_read(name: str, papers: int) -> None:
    digest = read_back(source(name))
    assert f"{digest.day}.md" == name
    assert len({entry.url for entry in digest.entries}) == papers
    for entry in digest.entries:
        assert (
            entry.authors and plain(entry.abstract) and "img.shields" not in plain(entry.abstract)
        )


@pytest.mark.parametrize("name", NAMES)
def test_the_source_keywords_give_exactly_the_badges_of_a_source_file(name: str) -> None:
    matcher = matcher_of(name)

    def mark(entry: Entry) -> tuple[Names, Marked]:
        match = matcher.match(paper_of(entry, 0))
        return entry.names, match.abstract if match else ()

    digest = read_back(source(name))
    assert marked_again(digest, mark) == digest


@pytest.mark.parametrize("name", NAMES)
def test_its_papers_composed_in_any_order_are_the_source_file(name: str) -> None:
    matcher, digest = matcher_of(name), read_back(source(name))
    papers = [paper_of(entry, number) for number, entry in enumerate(digest.entries)]
    kept = [(paper, match) for paper in sorted(papers, key=str) if (match := matcher.match(paper))]
    in_order = compose(digest.day, kept)
    days = [entry.published for entry in digest.entries]
    assert days == sorted(days, reverse=True)
    assert RENDERER.render(in_order) == source(name)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_a_damaged_copy_is_refused_where_it_is_damaged(name: str, data: st.DataObject) -> None:
    lines = source(name).split(b"\n")
    number = data.draw(st.integers(0, len(lines) - 2), label="line")
    damage = data.draw(st.sampled_from(["remove", "repeat", "blank", "cr", "indent", "byte"]))
    line = lines[number]
    damaged = {
        "remove": [],
        "repeat": [line, line],
        "blank": [b"", line],
        "cr": [line + b"\r"],
        "indent": [b" " + line],
        "byte": [line + b"\xff"],
    }[damage]
    copy = b"\n".join([*lines[:number], *damaged, *lines[number + 1 :]])
    try:
        difference = check(copy, RENDERER, name)
    except FormatError as error:
        found = error.line
    else:
        found = difference.line if difference else 0
    first = first_difference(source(name), copy)
    if found == 0:
        # Still a digest in the format, of another text: only an abstract's lines can be so.
        assert RENDERER.render(read_back(copy)) == copy
        assert line and not line.startswith((b"#", b">", b"*"))
    else:
        # One line more or less can be told only where the lines no longer fit.
        assert first and (-1 <= found - first.line <= 2 or is_told_by_the_contents(copy, found))


def is_told_by_the_contents(copy: bytes, line: int) -> bool:
    """A heading that does not fit the table of contents shows there first."""
    return copy.split(b"\n")[line - 1].startswith(b"* [")


@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_check_accepts_no_other_bytes_than_those_it_would_write(data: st.DataObject) -> None:
    whole = source(NAMES[0])
    start = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 30))
    inserted = data.draw(
        st.binary(max_size=4) | st.sampled_from([b"\n", b"\n\n", b"# ", b"\\", b"<"])
    )
    copy = whole[:start] + inserted + whole[start + length :]
    try:
        accepted = check(copy, RENDERER) is None
    except FormatError:
        return
    assert accepted is (RENDERER.render(read_back(copy)) == copy)


def test_a_changed_badge_is_found_by_its_place() -> None:
    whole = source(NAMES[0])
    copy = whole.replace(
        b"![key](https://img.shields.io/badge/LLM-", b"![kex](https://img.shields.io/badge/LLM-", 1
    )
    difference = check(copy, RENDERER)
    place = first_difference(whole, copy)
    assert difference and place and difference.line == place.line
    assert abs(difference.column - place.column) <= len("![key")


def test_a_badge_without_its_keyword_is_found_with_the_keywords() -> None:
    digest = read_back(source(NAMES[0]))
    first = digest.entries[0]
    bare = replace(first, abstract=(plain(first.abstract),))
    copy = RENDERER.render(replace(digest, entries=(bare, *digest.entries[1:])))
    assert check(copy, RENDERER) is None
    assert first_difference(source(NAMES[0]), copy) is not None
    assert any(isinstance(piece, Badge) for piece in first.abstract)
