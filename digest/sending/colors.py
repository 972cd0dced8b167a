"""Colours of badges that can be read. Pure."""

from __future__ import annotations


def on(color: str) -> str:
    """Black or white, whichever stands out more on a colour of six hexadecimal digits.

    The contrast is at least 4.5, what WCAG 2.2 asks for (success criterion 1.4.3).
    """
    red, green, blue = (_light(int(color[at : at + 2], 16) / 255) for at in (0, 2, 4))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    # (L + 0.05) / 0.05 and 1.05 / (L + 0.05) are equal here.
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"


def _light(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
