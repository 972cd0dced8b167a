"""Keywords as SQLite LIKE patterns, for an index that leaves few texts to look at."""

from __future__ import annotations

from itertools import takewhile

from digest.matcher.letters import has_separators
from digest.matcher.reading import check, read
from digest.model import Keyword


def like_patterns(keyword: Keyword, style: str) -> tuple[str, ...]:
    r"""LIKE patterns, one of which every text satisfies in which the keyword occurs.

    They are for `LIKE … ESCAPE '\'`, which compares ASCII letters in any case and everything else
    exactly. Texts without the keyword may satisfy them, too. Raises ValueError for a style that
    is unknown.
    """
    check(style)
    reading = read(keyword, style)
    # All spellings begin alike: one pattern for what they share is read once over the text.
    shared = takewhile(lambda column: len(set(column)) == 1, zip(*reading.spellings, strict=False))
    return ("%" + "".join(_like(column[0], reading.joined) for column in shared) + "%",)


def _like(character: str, joined: bool) -> str:
    if not character.isascii() or (joined and has_separators(character)):
        return "_"
    return "\\" + character if character in "%_\\" else character
