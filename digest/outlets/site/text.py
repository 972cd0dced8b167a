"""Texts of strangers as text of a page: what HTML cannot hold is replaced, the rest is escaped."""

from __future__ import annotations

import re

#: Control characters but tab and line end, lone surrogates, and what is no character at all.
_IMPOSSIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)


def possible(text: str) -> str:
    """The text without what no HTML page can hold, not even as a reference."""
    if text.isprintable():  # nearly always, and quickly told
        return text
    return _IMPOSSIBLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
