"""Texts as single lines, for formats in which lines have a meaning."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def line(text: str) -> str:
    """A text as one line: white space folded, control characters gone.

    So no text can begin a line of its own.
    """
    return " ".join(_CONTROL.sub(" ", text).split())
