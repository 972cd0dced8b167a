r"""Where a text is math: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, with `\$` for a dollar sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: A backslash takes the next character with it, so `\\(` opens nothing.
_TOKEN = re.compile(r"[\\$](?:(?<=\\).|(?<=\$)\$)?", re.DOTALL)
_CLOSES = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
_TOKENS = frozenset(_CLOSES) | frozenset(_CLOSES.values())


class _Token(NamedTuple):
    text: str
    start: int


def math(text: str) -> Iterator[tuple[int, int]]:
    """The places of math with their delimiters, in reading order.

    A delimiter without its counterpart opens nothing. Linear in the length of the text: what
    is looked for is known to be there.
    """
    tokens = [
        _Token(found[0], found.start()) for found in _TOKEN.finditer(text) if found[0] in _TOKENS
    ]
    last = {token.text: token.start for token in tokens}
    # Two dollar signs in a row may end one formula and begin the next one.
    last["$"] = max(last.get("$", -1), last.get("$$", -1))
    opened: _Token | None = None
    for token in tokens:
        if opened is None:
            opened = _opening(token, last)
        elif token.text == _CLOSES[opened.text]:
            yield opened.start, token.start + len(token.text)
            opened = None
        elif opened.text == "$" and token.text == "$$":
            yield opened.start, token.start + 1
            opened = _opening(_Token("$", token.start + 1), last)


def _opening(token: _Token, last: dict[str, int]) -> _Token | None:
    closing = _CLOSES.get(token.text)
    return token if closing and last.get(closing, -1) > token.start else None
