"""Colours of badges that can be read. Pure."""

from __future__ import annotations

from digest.outlets.luminance import luminance


def on(color: str) -> str:
    """Black or white, whichever stands out more on a colour of six hexadecimal digits.

    The contrast is at least 4.5, what WCAG 2.2 asks for (success criterion 1.4.3).
    """
    # (L + 0.05) / 0.05 and 1.05 / (L + 0.05) are equal here.
    return "#000000" if (luminance(bytes.fromhex(color)) + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"
