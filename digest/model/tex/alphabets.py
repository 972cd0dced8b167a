"""The letters of mathematics: Unicode has its own for bold, script, blackboard and other styles."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

#: TeX's commands of styles, and how Unicode calls the letters (chapter 22.2 of the standard).
STYLES = {
    "mathbf": "BOLD",
    "bf": "BOLD",
    "textbf": "BOLD",
    "mathbb": "DOUBLE-STRUCK",
    "mathbbm": "DOUBLE-STRUCK",
    "mathds": "DOUBLE-STRUCK",
    "Bbb": "DOUBLE-STRUCK",
    "mathcal": "SCRIPT",
    "cal": "SCRIPT",
    "mathscr": "SCRIPT",
    "mathfrak": "FRAKTUR",
    "frak": "FRAKTUR",
    "mathsf": "SANS-SERIF",
    "mathtt": "MONOSPACE",
    "boldsymbol": "BOLD ITALIC",
    "bm": "BOLD ITALIC",
    "pmb": "BOLD ITALIC",
}
#: Letters that Unicode had before, under names of their own.
_OLDER = {"SCRIPT": "SCRIPT", "FRAKTUR": "BLACK-LETTER", "DOUBLE-STRUCK": "DOUBLE-STRUCK"}
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
_VARIANTS = {
    "ϵ": "EPSILON SYMBOL",
    "ϑ": "THETA SYMBOL",
    "ϰ": "KAPPA SYMBOL",
    "ϕ": "PHI SYMBOL",
    "ϱ": "RHO SYMBOL",
    "ϖ": "PI SYMBOL",
    "∂": "PARTIAL DIFFERENTIAL",
    "∇": "NABLA",
}


def styled(text: str, style: str) -> str:
    """A text in the letters of a style of Unicode; signs that have none there stay."""
    return "".join(_letter(sign, style) for sign in text)


@lru_cache(maxsize=1024)
def _letter(sign: str, style: str) -> str:
    for name in _names(sign, style):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return sign


def _names(sign: str, style: str) -> list[str]:
    """The names that a sign may have in a style, the likeliest first."""
    if "0" <= sign <= "9":
        digits = "BOLD" if style == "BOLD ITALIC" else style
        return [f"MATHEMATICAL {digits} DIGIT {_DIGITS[int(sign)]}"]
    if sign in _VARIANTS:
        return [f"MATHEMATICAL {style} {_VARIANTS[sign]}"]
    if sign.isascii() and sign.isalpha():
        letter = f"{'CAPITAL' if sign.isupper() else 'SMALL'} {sign.upper()}"
        older = [f"{_OLDER[style]} {letter}"] if style in _OLDER else []
        return [f"MATHEMATICAL {style} {letter}", *older]
    name = unicodedata.name(sign, "")
    if name.startswith(("GREEK CAPITAL LETTER", "GREEK SMALL LETTER")):
        letter = name.removeprefix("GREEK ").replace("LETTER ", "")
        return [f"MATHEMATICAL {style} {letter}"]
    return []
