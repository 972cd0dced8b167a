"""Colours that can be read, as WCAG 2.2 counts contrast. Pure.

Two colours are told apart by (lighter + 0.05) / (darker + 0.05), of their relative luminances
(https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). Colours here are red, green and blue, each from
0 to 255. These few lines stand for a colour library because every run with pages would wait 0.2 s
for it.
"""

from __future__ import annotations

from collections.abc import Sequence


def contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """From 1, equal, to 21, black and white."""
    lower, higher = sorted((_luminance(one), _luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def on(color: str) -> str:
    """`#000000` or `#ffffff`, whichever stands out more on a colour of six hexadecimal digits.

    The contrast is at least 4.5, what WCAG asks for (success criterion 1.4.3).
    """
    own = bytes.fromhex(color)
    return max(("#000000", "#ffffff"), key=lambda text: contrast(own, bytes.fromhex(text[1:])))


def _luminance(color: Sequence[int]) -> float:
    """From 0, black, to 1, white."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
