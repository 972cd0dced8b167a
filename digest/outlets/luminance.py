"""How light a colour is, as WCAG 2 counts it (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).

Two colours can be told apart by (lighter + 0.05) / (darker + 0.05), their contrast. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence


def luminance(color: Sequence[int]) -> float:
    """From 0, black, to 1, white, for the parts of red, green and blue, each from 0 to 255."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
