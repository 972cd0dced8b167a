"""The lines of a digest file, taken one after the other, and what is said of one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from digest.model.errors import FormatError

_DATE = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
DAY = re.compile(f"# {_DATE}")
_CONTENTS = re.compile("# Table of Contents")
#: That the line ends as it should is asked first: then the last `](#` in it is the right one.
_LISTED = re.compile(r"\* \[(?=.*\)\Z)(.*)\]\(#(.*)\)")
TARGET = re.compile(r'<a id="([^"<>]*)"></a>')
HEADING = re.compile("## (.*)")
AUTHORS = re.compile(">Authors: (.*)")
PUBLISHED = re.compile(f">{_DATE}")
_URL = re.compile(r"> \[([^\]]*)\]\((.*)\)")
_SHOWN = 60

_Value = TypeVar("_Value")


class Lines:
    """The lines of a digest file; every method raises FormatError."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._next = 0
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            self._next = data.count(b"\n", 0, error.start)
            raise self._failure("text in UTF-8", f"the byte 0x{data[error.start]:02x}") from None
        self._lines = text.split("\n")

    def take(self, pattern: re.Pattern[str], expected: str) -> str:
        """What the pattern's group holds in the next line, which has to be in its form."""
        match = pattern.fullmatch(self._line())
        if not match:
            raise self._failure(expected, self._found())
        self._next += 1
        return match[1] if pattern.groups else ""

    def date(self, pattern: re.Pattern[str], expected: str) -> date:
        """The date in the next line."""
        return self._value(pattern, expected, date.fromisoformat, "date")

    def contents(self) -> int:
        """Pass the table of contents; returns how many papers it names."""
        self.take(_CONTENTS, "'# Table of Contents'")
        first = self._next
        while self.starts("* "):
            self.take(_LISTED, "an entry of the table of contents, '* [title](#anchor)'")
        return self._next - first

    def link(self) -> str:
        """The link to a paper in the next line."""
        return self.take(_URL, "the link, '> [url](url)'")

    def blank(self) -> None:
        """Pass a blank line."""
        if self._next + 1 >= len(self._lines) or self._lines[self._next]:
            raise self._failure("a blank line", self._found())
        self._next += 1

    def abstract(self) -> str:
        """The lines up to the next blank one; an empty abstract is one blank line."""
        start = self._next
        self._next += 1
        while self._line().strip(" \t\r"):
            if self.starts("## "):
                raise self._failure("a blank line between abstract and heading", self._found())
            self._next += 1
        return "\n".join(self._lines[start : self._next])

    def starts(self, beginning: str) -> bool:
        """Whether the next line begins so."""
        return self._line().startswith(beginning)

    def at_target(self) -> bool:
        """Whether the next line is where a link of the table of contents arrives."""
        return bool(TARGET.fullmatch(self._line()))

    def at_end(self) -> bool:
        """Whether all lines are read: the last one ends with a line end."""
        return self._next + 1 == len(self._lines) and not self._lines[-1]

    def _value(
        self, pattern: re.Pattern[str], expected: str, parse: Callable[[str], _Value], kind: str
    ) -> _Value:
        text = self.take(pattern, expected)
        try:
            return parse(text)
        except ValueError:
            self._next -= 1
            raise self._failure(expected, f"{text}, which is no {kind}") from None

    def _line(self) -> str:
        return self._lines[self._next] if self._next < len(self._lines) else ""

    def _found(self) -> str:
        if self._next + 1 >= len(self._lines) and not self._line():
            return "the end of the file"
        line = self._line()
        return (
            repr(line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…") if line else "a blank line"
        )

    def _failure(self, expected: str, found: str) -> FormatError:
        line = self._next + 1
        place = f"{self._name}:{line}" if self._name else f"line {line}"
        message = f"not a digest in the format: {place}: expected {expected}, found {found}"
        return FormatError(message, line=line)
