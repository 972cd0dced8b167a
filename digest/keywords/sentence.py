"""The sentence of an abstract that shows why a paper is in a digest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from digest.model import Badge, Marked

#: After a full stop and before a capital letter, or where a paragraph begins.
_BREAK = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(\[$\0])|\n\s+")


def sentence(abstract: Marked, wanted: Callable[[Badge], bool]) -> Marked:
    """The first sentence with a badge that is wanted; failing that, the first with a badge.

    Empty without badge.
    """
    found: Marked = ()
    for part in sentences(abstract):
        here = [piece for piece in part if isinstance(piece, Badge)]
        if any(map(wanted, here)):
            return part
        found = found or (part if here else ())
    return found


def sentences(abstract: Marked) -> Iterator[Marked]:
    """The sentences of an abstract; their ends are guessed, and line breaks become spaces."""
    badges = [piece for piece in abstract if isinstance(piece, Badge)]
    text = "".join("\0" if isinstance(piece, Badge) else piece for piece in abstract)
    used = 0
    for part in _BREAK.split(text):
        here = badges[used : used + part.count("\0")]
        used += len(here)
        yield _with_badges(part, here)


def _with_badges(text: str, badges: list[Badge]) -> Marked:
    first, *others = re.sub(r"\s*\n\s*", " ", text).strip().split("\0")
    pieces: list[str | Badge] = [first]
    for badge, following in zip(badges, others, strict=True):
        pieces += [badge, following]
    return tuple(piece for piece in pieces if piece)
