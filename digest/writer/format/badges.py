"""Badges as Markdown pictures, drawn by Shields (https://shields.io/badges/static-badge).

A badge is `![key](https://img.shields.io/badge/WORD-COLOUR)`; in the clean style its word takes
the place of `key`, for those who cannot see the picture. Only WORD is read back.

Shields draws what stands before the last single `-` of the path, and reads in it

    --   a hyphen
    __   an underscore
    _    a space
    %XX  a byte of UTF-8

The writer uses these four for hyphen, underscore, space and everything but ASCII letters, digits,
`.` and `~`. A space beside another space or an underscore is written `%20`, because three `_` in a
row could be either. The reader takes a single `-` for a hyphen, too: digests of older makes have
`badge/low-bit-F08080`.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from digest.model import STYLES, Badge, Marked, Style
from digest.writer.format.escape import escape_picture_text

_SHIELDS = "https://img.shields.io/badge/"

#: How a badge goes on behind the text in its brackets, as a pattern.
ADDRESS = rf"\]\({re.escape(_SHIELDS)}"

_BADGE = rf"{ADDRESS}([^\s()]*)-([0-9A-Fa-f]{{6}})\)"

_ANY_TEXT = r"[^\[\]]*"

#: The badges of a digest file, by its style.
BADGES = {
    style: re.compile(rf"!\[{style.picture or _ANY_TEXT}{_BADGE}") for style in STYLES.values()
}

_BRACKET = re.compile(r"!\[|[\[\]]")
_ADDRESS = re.compile(ADDRESS)

_LONE_SPACE = re.compile(r"(?<![ _]) (?![ _])")
_PATH_SIGN = re.compile("--|__|_")
_MEANING = {"--": "-", "__": "_", "_": " "}


def markdown(badge: Badge, style: Style) -> str:
    """The badge as it stands in a digest file of a style."""
    text = escape_picture_text(badge.text) if style.picture is None else style.picture
    return f"![{text}]({_SHIELDS}{_path(badge.text)}-{badge.color})"


def badge_of(match: re.Match[str]) -> Badge:
    """The badge that a pattern of `BADGES` found: the inverse of `markdown`."""
    text = _PATH_SIGN.sub(lambda sign: _MEANING[sign[0]], match[1])
    return Badge(unquote(text), match[2])


def lookalikes(text: str, style: Style) -> list[int]:
    """The places of the brackets with which what reads like a badge begins.

    Where a picture may have any text, more brackets may stand before its address: as each of them
    may be escaped, they do not count.
    """
    found: list[int] = []
    opened: list[int] = []
    for sign in _BRACKET.finditer(text):
        if sign[0] == "![":
            opened.append(sign.start() + 1)
        elif sign[0] == "]":
            if _ADDRESS.match(text, sign.start()):
                found += _beginnings(text, opened, sign.start(), style)
            opened = []
    return found


def plain(marked: Marked) -> str:
    """The abstract as it was before its words became badges."""
    return "".join(piece.text if isinstance(piece, Badge) else piece for piece in marked)


def _path(text: str) -> str:
    doubled = text.replace("-", "--").replace("_", "__")
    return "_".join(quote(part, safe="") for part in _LONE_SPACE.split(doubled))


def _beginnings(text: str, opened: list[int], end: int, style: Style) -> list[int]:
    """Of the brackets opened before one that ends a badge's text, those that may begin it."""
    if style.picture is None:
        return opened
    return [at for at in opened if text[at + 1 : end] == style.picture]
