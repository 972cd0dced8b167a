"""The parts of words that every text with a keyword has, for an index of words."""

from __future__ import annotations

import re
from itertools import takewhile

from digest.matcher.reading import Reading, read
from digest.model import Keyword, Style, WordPart

_RUN = re.compile(r"[a-z0-9]+")


def word_parts(keyword: Keyword, style: Style) -> tuple[WordPart, ...]:
    """The parts of words that every text has in which the keyword occurs.

    Texts without the keyword may have them, too. A keyword of other signs has none. What is not
    ASCII stands between words, in keywords as in texts: no such letter is found for an ASCII one,
    in any case. Raises ValueError for a style that is unknown.
    """
    reading = read(keyword, style)
    shared = _shared(reading)
    closed = reading.alone and len(set(reading.spellings)) == 1
    return tuple(
        WordPart(
            run[0],
            begins=run.start() > 0 or reading.alone,
            ends=run.end() < len(shared) or closed,
        )
        for run in _RUN.finditer(_small(shared))
    )


def _shared(reading: Reading) -> str:
    """What all spellings begin with; inflections are endings."""
    columns = zip(*reading.spellings, strict=False)
    return "".join(column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns))


def _small(text: str) -> str:
    """The text with its ASCII letters small; others stay what they are, with their places."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
