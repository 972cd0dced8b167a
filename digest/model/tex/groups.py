r"""Braces of TeX and their partners, and the arguments of commands."""

from __future__ import annotations

import re

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_SPACE = re.compile(r"[ \t]*+\n?[ \t]*+")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)

#: From and to, without braces.
Place = tuple[int, int]


class Groups:
    """The groups of a text, found in one pass."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._partners: dict[int, int] = {}
        opened: list[int] = []
        for sign in _BRACE.finditer(text):
            if sign[0] == "{":
                opened.append(sign.start())
            elif sign[0] == "}" and opened:
                self._partners[opened.pop()] = sign.start()

    def partner(self, at: int) -> int | None:
        """Where the group that opens at a place is closed, if it is."""
        return self._partners.get(at)

    def argument(self, at: int, end: int) -> tuple[Place, int] | None:
        """The argument that begins at a place or behind spaces, and where it is over.

        A group, a command or a single character.
        """
        at = self._after_space(at)
        if at >= end:
            return None
        if self._text[at] == "{":
            closing = self._partners.get(at)
            return ((at + 1, closing), closing + 1) if closing and closing < end else None
        command = _COMMAND.match(self._text, at)
        stop = command.end() if command else at + 1
        return ((at, stop), stop) if stop <= end and self._text[at] != "}" else None

    def group(self, at: int, end: int) -> tuple[Place, int] | None:
        """The same, but for a group alone."""
        at = self._after_space(at)
        return self.argument(at, end) if self._text.startswith("{", at) else None

    def option(self, at: int, end: int) -> tuple[Place, int] | None:
        """An argument in square brackets that begins at a place."""
        if not self._text.startswith("[", at):
            return None
        closing = self._text.find("]", at, min(end, at + 100))
        return ((at + 1, closing), closing + 1) if closing > 0 else None

    def _after_space(self, at: int) -> int:
        space = _SPACE.match(self._text, at)
        return space.end() if space else at
