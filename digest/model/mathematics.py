r"""Where a text is math: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, with `\$` for a dollar sign.

Dollars may be money, too. A pair of them with a number first is math only if the closing one has
no space before it and no digit behind it, or if the text between is all signs of TeX: `$5 and $10`
and `$35,000 for $k$ tasks` have no formula before the `$k$`, while `$2\times $` and `$\sim$10` are
formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: A backslash takes the next character with it, so `\\(` opens nothing.
_SIGN = re.compile(r"\\.|\$", re.DOTALL)
_CLOSES = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
_DELIMITERS = frozenset(_CLOSES) | frozenset(_CLOSES.values())

_OF_TEX = re.compile(r"[\\^_]")
_COMMAND = re.compile(r"\\[A-Za-z]++(?:\s*+\{[^{}$]*+\})?+")
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{3}")
_DIGIT = re.compile(r"\s*+[0-9]")


class _Sign(NamedTuple):
    text: str
    start: int


def math(text: str) -> Iterator[tuple[int, int]]:
    """The places of math with their delimiters, in reading order.

    A delimiter without its counterpart opens nothing. Linear in the length of the text: what
    lies between two signs is looked at once.
    """
    signs = [
        _Sign(found[0], found.start()) for found in _SIGN.finditer(text) if found[0] in _DELIMITERS
    ]
    following = _following(signs)
    number = 0
    while number < len(signs):
        opening, closing = _opening(signs, number), None
        if opening in _CLOSES:
            width = len(opening) if opening == "$$" else 1
            closing = following[number + width].get(_CLOSES[opening])
        if closing is None:
            number += 1
            continue
        start = signs[number].start
        end = signs[closing].start + len(_CLOSES[opening])
        if opening != "$" or _is_formula(text[start + 1 : end - 1], text[end : end + 1]):
            yield start, end
            number = closing + (2 if opening == "$$" else 1)
        else:
            number += 1


def _following(signs: list[_Sign]) -> list[dict[str, int]]:
    """For every place in a list of signs, the next of each closing delimiter from there on."""
    found: list[dict[str, int]] = [{}]
    for number in range(len(signs) - 1, -1, -1):
        sign = signs[number].text
        nearest = found[-1] | {sign: number}
        if _opening(signs, number) == "$$":
            nearest["$$"] = number
        found.append(nearest)
    return [{}, *found][::-1]


def _opening(signs: list[_Sign], number: int) -> str:
    """What a sign may open: two dollars in a row open one formula."""
    one = signs[number]
    if one.text == "$" and number + 1 < len(signs):
        other = signs[number + 1]
        if other.text == "$" and other.start == one.start + 1:
            return "$$"
    return one.text


def _is_formula(inside: str, behind: str) -> bool:
    """Whether the text between two dollars is a formula rather than about money."""
    if not inside or inside.isspace():
        return False
    has_tex = _OF_TEX.search(inside) is not None
    if _DIGIT.match(inside):
        is_tight = not inside[0].isspace() and not inside[-1].isspace() and not behind.isdigit()
        return is_tight or (has_tex and not _has_words(inside))
    is_tight = not inside[0].isspace() and not inside[-1].isspace()
    return has_tex or is_tight or not _has_words(inside)


def _has_words(inside: str) -> bool:
    """Whether words stand in it that are not commands or what these apply to."""
    return _WORD.search(_COMMAND.sub(" ", inside)) is not None
