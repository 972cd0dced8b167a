"""Colours of words that can be read on a light and on a dark page.

A word stands in a darker or lighter shade of its group's colour, on a tint of it. The contrast is
that of WCAG 2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), at least 5 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable

from digest.outlets.colours import contrast

#: The backgrounds of pages, as in `static/style.css`.
LIGHT, DARK = (0xFF, 0xFF, 0xFF), (0x15, 0x18, 0x1D)
_LEAST = 5.0
_TINT = 0.16
_STEPS = 50

_Color = tuple[int, ...]


def shades(color: str, page: _Color) -> tuple[_Color, _Color]:
    """The colours of a word and of its background, for six hexadecimal digits."""
    own = tuple(bytes.fromhex(color))
    background = _mixed(page, own, _TINT)
    end = (0, 0, 0) if page == LIGHT else (255, 255, 255)
    shades = (_mixed(own, end, step / _STEPS) for step in range(_STEPS + 1))
    return next(one for one in shades if contrast(one, background) >= _LEAST), background


def stylesheet(classes: Iterable[tuple[str, str]]) -> str:
    """The rules for the classes of words; pairs of class and colour."""
    return "".join(
        f".{name}{{--word:light-dark({on_light[0]},{on_dark[0]});"
        f"--tint:light-dark({on_light[1]},{on_dark[1]})}}\n"
        for name, color in classes
        for on_light, on_dark in [[tuple(map(_hex, shades(color, page))) for page in (LIGHT, DARK)]]
    )


def _mixed(one: _Color, other: _Color, share: float) -> _Color:
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def _hex(color: _Color) -> str:
    return "#" + bytes(color).hex()
