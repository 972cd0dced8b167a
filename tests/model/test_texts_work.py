"""No text is slow: what reading and writing one costs grows no faster than the text.

Counted are the lines of the program that are run. Regular expressions do their work unseen: they
are given long texts, with which one that is not linear would not come to an end.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from digest.matcher.protected import protected
from digest.model import CLEAN, SOURCE, Badge
from digest.model.mathematics import math
from digest.model.tex import pieces
from digest.writer.format.abstract import escape_abstract, read_abstract
from digest.writer.format.escape import escape_anchor, escape_name, escape_title

NASTY = [
    *("- ", "* * ", "1. ", "-\n", "- a\n", "***", "=\n", "> ", "#", "~~~a", " \n", "\n"),
    *("`", "``a", "`\\", "`[x](", "[", "[]", "[x\n", "](", "![", "![key](", "\\[\n[", "[^"),
    *("![key](https://img.shields.io/badge/", "![key](https://img.shields.io/badge/x-F08080 "),
    *("<", "<a", '<a x="', "<a@", "<!", "<Answer>", "<https://a", "a@b.", "@"),
    *("$", "$$", "$5 ", "$a", "\\(", "\\", "\\[", "&#35;", "&", "\x00", "10.1234/", "a://", "a.b"),
    *(
        "{",
        "{}",
        "^{",
        "^{x}",
        "\\textbf{",
        "\\'",
        "\\frac{",
        "\\begin{equation}",
        "\\verb|",
        "\\foo{",
    ),
    *("~", "--", "''", "\\item[", "\\href{", "https://a.b/", "(((", "\\u ", "x_{"),
]
READERS: dict[str, Callable[[str], object]] = {
    "abstract": lambda text: escape_abstract((text, Badge("x", "F08080"), text), SOURCE),
    "clean abstract": lambda text: escape_abstract((text, Badge("x", "F08080"), text), CLEAN),
    "reading back": lambda text: read_abstract(text, CLEAN),
    "title": lambda text: escape_title(text, SOURCE),
    "clean title": lambda text: escape_title(text, CLEAN),
    "name": lambda text: escape_name(text, SOURCE),
    "anchor": escape_anchor,
    "protected": lambda text: list(protected(text)),
    "math": lambda text: list(math(text)),
    "tex": pieces,
}


def of_length(scrap: str, length: int) -> str:
    return (scrap * (length // len(scrap) + 1))[:length]


def work(call: Callable[[str], object], text: str) -> int:
    """The lines of the program that a call runs."""
    lines = 0

    def count(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call(text)
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize("reader", READERS)
def test_ten_times_the_text_is_ten_times_the_work(reader: str) -> None:
    slow = {
        scrap: (few, many)
        for scrap in NASTY
        if (many := work(READERS[reader], of_length(scrap, 10_000)))
        > 15 * (few := work(READERS[reader], of_length(scrap, 1_000))) + 100
    }
    assert slow == {}


#: What took long once, by its reader.
SLOW = [
    *(("abstract", scrap) for scrap in ("- ", "<a", "[", "`[x](", "![")),
    *(("clean abstract", scrap) for scrap in ("`", "`\\", "![", "<a@")),
    *(("tex", scrap) for scrap in ("$a", "<https://a", "{", "^{", "\\begin{equation}", "~")),
    *(("title", "["), ("name", "<a@"), ("anchor", "<"), ("math", "$a"), ("protected", "a.b")),
]


@pytest.mark.parametrize(("reader", "scrap"), SLOW)
def test_a_hundred_thousand_characters_come_to_an_end(reader: str, scrap: str) -> None:
    READERS[reader](of_length(scrap, 100_000))
