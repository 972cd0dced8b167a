r"""Where a text is math: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, with `\$` for a dollar sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

#: A backslash takes the next character with it, so `\\(` opens nothing.
_SIGN = re.compile(r"\\.|\$", re.DOTALL)
_CLOSES = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
_DELIMITERS = frozenset(_CLOSES) | frozenset(_CLOSES.values())


class _Sign(NamedTuple):
    text: str
    start: int


def math(text: str) -> Iterator[tuple[int, int]]:
    """The places of math with their delimiters, in reading order.

    A delimiter without its counterpart opens nothing. Linear in the length of the text: what
    is looked for is known to be there.
    """
    signs = [
        _Sign(found[0], found.start()) for found in _SIGN.finditer(text) if found[0] in _DELIMITERS
    ]
    doubled = {one.start for one, other in pairwise(signs) if _are_one(one, other)}
    last = {sign.text: sign.start for sign in signs} | {"$$": max(doubled, default=-1)}
    opened: _Sign | None = None
    end = 0
    for sign, start in signs:
        if start < end:  # the second of two dollar signs
            continue
        # What one dollar sign opened the next one closes, whatever follows it.
        is_double = start in doubled and (opened is None or opened.text == "$$")
        found = _Sign("$$" if is_double else sign, start)
        end = start + len(found.text)
        if opened is None:
            closing = _CLOSES.get(found.text)
            opened = found if closing and last.get(closing, -1) >= end else None
        elif found.text == _CLOSES[opened.text]:
            yield opened.start, end
            opened = None


def _are_one(sign: _Sign, following: _Sign) -> bool:
    """Whether these are two dollar signs in a row."""
    return sign.text == following.text == "$" and following.start == sign.start + 1
