"""Which brackets of a single-line text have no partner, and so would end a link around it."""

from __future__ import annotations

import re

from digest.writer.format.code import code_spans, has_open_run, runs

_SIGN = re.compile(r"\\.|[\[\]]", re.DOTALL)


def lone_brackets(text: str) -> list[int]:
    r"""The places of `[` and `]` without a partner.

    Brackets in code find theirs in the same code. Where a backslash stands before a backquote, or
    one of several runs of backquotes is not closed, readers disagree on what is code; then no
    bracket counts as a part of a pair.
    """
    if "\\`" in text or (has_open_run(text) and len(list(runs(text))) > 1):
        return [at for at, sign in enumerate(text) if sign in "[]"]
    spans = list(code_spans(text))
    lone: list[int] = []
    for part in _parts(text, spans):
        opened: list[int] = []
        for at, sign in part:
            if sign == "[":
                opened.append(at)
            elif opened:
                opened.pop()
            else:
                lone.append(at)
        lone += opened
    return lone


def have_partners(text: str) -> bool:
    """Whether Markdown takes all parentheses of a link's destination for a part of it."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def _parts(text: str, spans: list[tuple[int, int]]) -> list[list[tuple[int, str]]]:
    """The brackets outside of code, then those of each piece of code."""
    outside: list[tuple[int, str]] = []
    parts = [outside, *([] for _ in spans)]
    number = 0
    for sign in _SIGN.finditer(text):
        at = sign.start()
        while number < len(spans) and spans[number][1] <= at:
            number += 1
        inside = number < len(spans) and spans[number][0] <= at
        if sign[0] in "[]":
            (parts[number + 1] if inside else outside).append((at, sign[0]))
    return parts
