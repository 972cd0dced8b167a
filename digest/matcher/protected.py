r"""The places of a text that get no badge in the clean style: links, e-mail addresses and math.

A badge there would break what the place is for. In doubt a place counts as protected: a link
reaches to the next white space. Dollars that are money are not math (see
`digest.model.mathematics`). Every step is linear in the length of the text, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.model.mathematics import math

_AFTER_SCHEME = re.compile(r"://\S++")
_DOI = re.compile(r"10\.(?<![\w.]10\.)\d{4,9}/\S++")

_INNER_DOT = re.compile(r"\.(?=[^\W\d_])")
#: Names with a dot between, and what follows; whether it is a host is for `_is_host` to say.
_HOST = re.compile(r"(?<![\w-])[\w-]++(?:\.[\w-]++)++(?P<path>(?::\d++)?[/?#]\S*+)?")
_TOP_LEVEL = re.compile(r"[^\W\d_]{2,}")
#: Bare names count under these only: of a dot without a space most are the end of a sentence.
_WELL_KNOWN = ("com", "org", "net", "edu", "gov", "io", "ai", "co", "dev", "app", "info")

_IN_ADDRESS = r"\w.!#%&'*+/=?^`|~-"
_ADDRESS = re.compile(
    rf"(?:(?<![{_IN_ADDRESS}])[{_IN_ADDRESS}]++|\{{[^{{}}]*+\}})"  # one name, or {some, names}
    r"@[\w-]++(?:\.[\w-]++)++(?<=[^\W\d_]{2})(?:[:/]\S++)?"  # LLM@1.5 is none
)

Place = tuple[int, int]


def protected(text: str) -> Iterator[Place]:
    """The protected places, in no order; they may overlap."""
    yield from _links(text)
    yield from _hosts(text)
    yield from (found.span() for found in _DOI.finditer(text))
    if "@" in text:
        yield from (found.span() for found in _ADDRESS.finditer(text))
    yield from math(text)


def _links(text: str) -> Iterator[Place]:
    """Whatever has a scheme, of which there are more than two."""
    end = 0
    for found in _AFTER_SCHEME.finditer(text):
        start, end = _start_of(text, found.start(), end, "+.-"), found.end()
        yield start, end


def _hosts(text: str) -> Iterator[Place]:
    """Hosts without a scheme: with a path, or under a well-known name."""
    end = 0
    for dot in _INNER_DOT.finditer(text):
        if dot.start() < end:
            continue
        found = _HOST.search(text, _start_of(text, dot.start(), end, ".-"))
        if not found:
            return
        end = found.end()
        if _is_host(found):
            yield found.start(), end


def _start_of(text: str, place: int, floor: int, inner: str) -> int:
    """Where the name begins that goes on at `place`; it is made of word characters and `inner`."""
    while place > floor and (text[place - 1].isalnum() or text[place - 1] in inner + "_"):
        place -= 1
    return place


def _is_host(found: re.Match[str]) -> bool:
    path = found["path"] or ""
    name = found[0].removesuffix(path)
    first, *_, last = name.lower().split(".")
    if path or first == "www":
        return _TOP_LEVEL.fullmatch(last) is not None
    return last in _WELL_KNOWN
