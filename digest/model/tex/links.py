r"""Addresses in a text: of the web, of DOIs and of arXiv's papers, without the full stop behind."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_KNOWN = r"github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|zenodo\.org|doi\.org|arxiv\.org"
_FOUND = re.compile(
    rf"""
      (?P<web> https?://[^\s<>"`|]++ )
    | (?P<bare> (?<![\w./@-]) (?: www\.[\w-]++(?:\.[\w-]++)++ | [\w-]++\.github\.io
        | (?:{_KNOWN}) (?=/) ) (?: /[^\s<>"`|]*+ )? )
    | (?P<doi> (?<![\w./]) (?: doi:[ ]? )? (?P<number> 10\.[0-9]{{4,9}}/[^\s<>"`|]++ ) )
    | (?P<arxiv> (?<![\w./]) arXiv:[ ]? (?P<id> [0-9]{{4}}\.[0-9]{{4,5}} (?:v[0-9]+)? (?![0-9])
        | [a-z][a-z-]*(?:\.[A-Z]{{2}})?/[0-9]{{7}} (?:v[0-9]+)? (?![0-9]) ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: What may stand in an address, but hardly at its end.
_BEHIND = ".,;:!?'\"”’*…}\\$"
_ESCAPED = re.compile(
    r"\\([_%#&~$\-{}])|\{\\(?:_|textunderscore)\}|\\(?:textasciitilde|string)\b ?"
)
_PAIRS = {")": "(", "]": "["}


class Link(NamedTuple):
    """An address at `source[start:end]`: what it shows and where it leads."""

    start: int
    end: int
    text: str
    address: str


def links(source: str, taken: Sequence[tuple[int, int]] = ()) -> Iterator[Link]:
    """The addresses of a text in reading order but for those in places that are taken."""
    starts = [start for start, _ in taken]
    for found in _FOUND.finditer(source):
        number = bisect_right(starts, found.start()) - 1
        if number >= 0 and found.start() < taken[number][1]:
            continue
        behind = starts[number + 1] if number + 1 < len(starts) else len(source)
        end = _end(source, found.start(), min(found.end(), behind))
        text = source[found.start() : end]
        address = _address(found, text)
        if address:
            yield Link(found.start(), end, clean(text), address)


def clean(address: str) -> str:
    r"""An address without TeX's backslashes: `a\_b` leads to `a_b`."""
    if "\\" not in address:
        return address
    return _ESCAPED.sub(lambda sign: sign[1] or ("_" if sign[0][0] == "{" else "~"), address)


def is_web(address: str) -> bool:
    """Whether an address leads to a page of the web; no other is made a link."""
    return (
        re.fullmatch(r"https?://[^\s<>\"`|\\^{}\x00-\x1f\x7f]+", address, re.IGNORECASE) is not None
    )


def _end(source: str, start: int, end: int) -> int:
    """Where an address ends: before signs that belong to the sentence around it."""
    depth = {opening: source.count(opening, start, end) for opening in _PAIRS.values()}
    depth |= {closing: source.count(closing, start, end) for closing in _PAIRS}
    while end > start:
        last = source[end - 1]
        if last in _PAIRS and depth[last] > depth[_PAIRS[last]]:
            depth[last] -= 1
        elif last not in _BEHIND:
            break
        end -= 1
    return end


def _address(found: re.Match[str], text: str) -> str:
    if found["web"]:
        address = clean(text)
    elif found["bare"]:
        address = f"https://{clean(text)}"
    elif found["doi"]:
        number = text[text.lower().find("10.") :]
        address = f"https://doi.org/{clean(number)}"
    else:
        address = f"https://arxiv.org/abs/{found['id']}"
    return address if is_web(address) else ""
