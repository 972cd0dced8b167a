"""Where Markdown sees code in a text: between two runs of backquotes of the same length."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

_RUN = re.compile(r"`+")


class Run(NamedTuple):
    """Backquotes in a row that could open code, and where those begin that would close it."""

    start: int
    end: int
    closing: int | None


def runs(text: str) -> Iterator[Run]:
    r"""The runs of backquotes in reading order.

    A backslash takes the first one away from a run that opens code, but not from one that closes.
    """
    places = [found.span() for found in _RUN.finditer(text)]
    by_length: dict[int, list[int]] = {}
    for start, end in places:
        by_length.setdefault(end - start, []).append(start)
    before = 0
    for start, end in places:
        between = text[before:start]
        first = start + (len(between) - len(between.rstrip("\\"))) % 2
        before = end
        if first < end:
            same = by_length.get(end - first, [])
            number = bisect_left(same, end)
            yield Run(first, end, same[number] if number < len(same) else None)


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """The places of code with its backquotes, in reading order."""
    end = 0
    for run in runs(text):
        if run.start >= end and run.closing is not None:
            end = run.closing + run.end - run.start
            yield run.start, end


def has_open_run(text: str) -> bool:
    """Whether backquotes of a text could open code that ends in a text behind it."""
    end = 0
    for run in runs(text):
        if run.start < end:
            continue
        if run.closing is None:
            return True
        end = run.closing + run.end - run.start
    return False
