r"""Characters as authors type them in TeX, for arXivRaw: `\'e` for é, `{\ss}` for ß."""

from __future__ import annotations

import unicodedata
from typing import Final

_ACCENTS: Final = {
    "\u0301": "\\'",
    "\u0300": "\\`",
    "\u0302": "\\^",
    "\u0308": '\\"',
    "\u0303": "\\~",
    "\u0304": "\\=",
    "\u0307": "\\.",
    "\u0306": "\\u",
    "\u030c": "\\v",
    "\u030b": "\\H",
    "\u0327": "\\c",
    "\u0328": "\\k",
    "\u030a": "\\r",
}
_LETTERS: Final = {
    "ß": "{\\ss}",
    "ø": "{\\o}",
    "Ø": "{\\O}",
    "ł": "{\\l}",
    "Ł": "{\\L}",
    "æ": "{\\ae}",
    "Æ": "{\\AE}",
    "œ": "{\\oe}",
    "π": "{\\pi}",
    "α": "{\\alpha}",
    "ϕ": "{\\phi}",
    "φ": "{\\varphi}",
    "ς": "{\\varsigma}",
}


def tex(text: str) -> str:
    """A text with TeX in place of accents and special letters; what has no TeX stays."""
    return text if text.isascii() else "".join(map(_in_tex, text))


def _in_tex(character: str) -> str:
    base, *marks = list(unicodedata.normalize("NFD", character))
    if len(marks) == 1 and base.isascii() and marks[0] in _ACCENTS:
        accent = _ACCENTS[marks[0]]
        return f"{accent}{{{base}}}" if accent[-1].isalpha() else f"{accent}{base}"
    return _LETTERS.get(character, character)
