"""How arXiv's index reads texts: tokens, folding, stop words and stems, as far as queries notice.

Seen with arXiv's own analyzers on a real Lucene: its standard tokenizer goes by the word borders of
Unicode (UAX 29), the English field drops stop words but keeps their places and cuts words down by
Porter's rules, and another field has the words as they are. So `1,000`, `a:b` and `d’Alembert` are
one token each, `bias` has the stem `bia` and `biases` has not, and `µm` with the micro sign is not
`μm` with the Greek letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from snowballstemmer import stemmer

#: Where a stop word stood.
GAP: Final = "_"

#: Lucene's own for English.
_STOP_WORDS: Final = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is"),
        *("it", "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there"),
        *("these", "they", "this", "to", "was", "will", "with"),
    )
)

_POSSESSIVE = re.compile("['\u2019\uff07][sS]$")

#: What joins two letters, two digits, and either (MidLetter, MidNum, MidNumLet of UAX 29).
_BOTH: Final = r".'\u2018\u2019\u2024\ufe52\uff07\uff0e"
_IN_WORDS: Final = rf"{_BOTH}:\u00b7\u0387\u055f\u05f4\u2027\ufe13\ufe55\uff1a"
_IN_NUMBERS: Final = rf"{_BOTH},;\u037e\u0589\u060c\u060d\u066c\u07f8\u2044\ufe10\ufe14\uff0c\uff1b"
_LETTER: Final = r"[^\W\d_]"
_MARK: Final = r"[\u0300-\u036f\u00ad\u200d]*"
_TOKEN = re.compile(
    rf"(?:[\w\u203f\u2040\u2054]{_MARK}"
    rf"|(?<={_LETTER})[{_IN_WORDS}](?={_LETTER})"
    rf"|(?<=\d)[{_IN_NUMBERS}](?=\d))+"
)

_stem: Callable[[str], str] = stemmer("porter").stemWord


def tokens(text: str) -> list[str]:
    """The tokens of a text in order, in lower case and without the accents of Latin letters."""
    found = map(_folded, _TOKEN.findall(_without_signs(text)))
    return [token for token in found if any(map(str.isalnum, token))]


@lru_cache(maxsize=65_536)
def english(token: str) -> str:
    """A token as the English field has it: its stem, or a gap for a stop word."""
    word = _POSSESSIVE.sub("", token)
    return GAP if word in _STOP_WORDS else _stem(word)


def folded(text: str) -> str:
    """A text in lower case and without the accents of Latin letters."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


@lru_cache(maxsize=65_536)
def _folded(token: str) -> str:
    small = token.lower()
    return small if small.isascii() else "".join(map(_plain, small))


def _plain(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    is_latin = bare.isascii() or unicodedata.name(bare[0], "").startswith("LATIN ")
    return bare if is_latin else character


def _without_signs(text: str) -> str:
    """A text with blanks for what Python takes for digits and Unicode does not, such as `²`."""
    if text.isascii():
        return text
    return "".join(" " if unicodedata.category(sign) == "No" else sign for sign in text)
