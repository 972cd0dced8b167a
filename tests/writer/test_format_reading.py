"""A file that is no digest is refused with the line and in words that a newcomer understands."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import TEMPLATE

from digest.model import Badge, Digest, Entry
from digest.model.errors import FormatError
from digest.writer.format.check import Difference, check, first_difference
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer

RENDERER = Renderer(TEMPLATE)
DIGEST = Digest(
    date(2025, 11, 28),
    tuple(
        Entry(
            f"Paper {n}",
            ("Ada A.", "Bo B."),
            date(2025, 11, 26),
            f"http://arxiv.org/abs/2511.0000{n}v1",
            ("A fast ", Badge("cache", "F08080"), " for\n  many words."),
        )
        for n in (2, 1)
    ),
)
TEXT = RENDERER.render(DIGEST).decode()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("# 2025-11-28\n", "", 1, "expected the day, such as '# 2025-11-28', found a blank line"),
        ("# 2025-11-28\n", "# 2025-11-31\n", 1, "found 2025-11-31, which is no date"),
        ("\n\n# Table", "\n# Table", 2, "expected a blank line, found '# Table of Contents'"),
        ("Contents", "contents", 3, "expected '# Table of Contents', found '# Table of contents'"),
        ("](#paper-2)", "]", 4, "expected an entry of the table of contents"),
        ("\n\n\n## Paper 2", "\n\n## Paper 2", 7, "expected a blank line, found '## Paper 2'"),
        ("## Paper 2", "Paper 2", 8, "expected a paper's heading, '## title', found 'Paper 2'"),
        (">Authors: ", "> Authors: ", 10, "expected '>Authors: ' and the names"),
        (">2025-11-26", ">26 Nov", 12, "expected the day of the first version"),
        ("> [http", "> http", 14, "expected the link, '> [url](url)'"),
        ("words.\n\n\n## Paper 1", "words.\n## Paper 1", 18, "between abstract and heading"),
        ("words.\n\n\n##", "words.\n\nmore\n\n\n##", 19, "expected a blank line, found 'more'"),
        ("words.\n\n\n##", "words.\n\n\n\n##", 20, "a paper's heading, '## title', found a blank"),
    ],
)
def test_a_broken_line_is_named_with_what_was_expected(
    old: str, new: str, line: int, message: str
) -> None:
    assert TEXT.count(old)
    with pytest.raises(FormatError) as caught:
        read_back(TEXT.replace(old, new, 1).encode(), "day.md")
    assert caught.value.line == line
    assert f"not a digest in the format: day.md:{line}: expected" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize("cut", range(1, 4))
def test_a_file_that_ends_early_is_told_so(cut: int) -> None:
    with pytest.raises(FormatError, match="line 30: expected a blank line, found the end of the"):
        read_back(TEXT[:-2].encode())
    lines = TEXT.split("\n")
    with pytest.raises(FormatError, match="found the end of the file"):
        read_back("\n".join(lines[:cut]).encode())


def test_bytes_that_are_no_text_are_named() -> None:
    with pytest.raises(
        FormatError, match=r"day\.md:3: expected text in UTF-8, found the byte 0xff"
    ):
        read_back(b"# 2025-11-28\n\n\xff", "day.md")


def test_a_long_line_is_shown_in_part() -> None:
    with pytest.raises(FormatError) as caught:
        read_back(b"x" * 10_000)
    assert len(str(caught.value)) < 250


@given(st.binary(max_size=200) | st.text(alphabet="# >*[](\n25-1", max_size=60).map(str.encode))
def test_any_bytes_are_a_digest_or_a_format_error(data: bytes) -> None:
    line = 1
    try:
        read_back(data)
    except FormatError as error:
        line = error.line
    assert 1 <= line <= data.count(b"\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "line", "column"),
    [
        ("[Paper 2]", "[Paper 3]", 4, 10),
        ("#paper-1", "#Paper-1", 5, 14),
        ("00002v1)", "00002v2)", 14, 71),
        ("![key](", "![kez](", 16, 14),
        ("-F08080)", "-F0808)", 16, 9),
        ("words.\n\n\n#", "words. \n\n\n#", 17, 14),
        ("many", "ma\tny", 17, 5),
    ],
)
def test_check_names_line_and_column_of_the_first_difference(
    old: str, new: str, line: int, column: int
) -> None:
    difference = check(TEXT.replace(old, new, 1).encode(), RENDERER)
    assert difference
    assert (difference.line, difference.column) == (line, column)


def test_a_digest_as_rendered_passes_the_check() -> None:
    assert check(TEXT.encode(), RENDERER) is None


@given(st.binary(max_size=30), st.binary(max_size=30))
def test_only_equal_files_have_no_difference(expected: bytes, actual: bytes) -> None:
    difference = first_difference(expected, actual)
    assert (difference is None) is (expected == actual)
    if difference:
        before = difference.line - 1
        assert expected.split(b"\n")[:before] == actual.split(b"\n")[:before]


@pytest.mark.parametrize(
    ("expected", "actual", "shown"),
    [
        ("a\nb\n", "a\nc\n", "line 2, column 1: expected 'b', found 'c'"),
        ("a\n", "a", "line 2, column 1: expected an empty line, found the end of the file"),
        ("é𝒳x", "é𝒳y", "line 1, column 3: expected 'é𝒳x', found 'é𝒳y'"),
    ],
)
def test_a_difference_reads_well(expected: str, actual: str, shown: str) -> None:
    assert str(first_difference(expected.encode(), actual.encode())) == shown


def test_a_difference_in_a_long_line_shows_its_surroundings() -> None:
    difference = Difference(1, 101, "a" * 100 + "b" * 100, "a" * 100)
    shown = str(difference)
    assert f"expected '…{'a' * 20}{'b' * 40}…', found '…{'a' * 20}'" in shown
