"""A digest file back into its digest: the inverse of rendering."""

from __future__ import annotations

import re
from datetime import date

from digest.errors import FormatError
from digest.model import Digest, Entry
from digest.writer.abstract import read_abstract
from digest.writer.escape import unescape

_DATE = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
_DAY = re.compile(f"# {_DATE}")
_CONTENTS = re.compile("# Table of Contents")
_LISTED = re.compile(r"\* \[(.*)\]\(#(.*)\)")
_HEADING = re.compile("## (.*)")
_AUTHORS = re.compile(">Authors: (.*)")
_PUBLISHED = re.compile(f">{_DATE}")
_URL = re.compile(r"> \[([^\]]*)\]\((.*)\)")
_SHOWN = 60


def read_back(data: bytes, name: str = "") -> Digest:
    """The digest that a file holds, badges as they stand; `name` is what messages call the file.

    The layout is that of the shipped template. What can be read without doubt is read, so a file
    may differ in details from what rendering its digest gives; `check` tells. Raises FormatError.
    """
    lines = _Lines(data, name)
    day = lines.date(_DAY, "the day, such as '# 2025-11-28'")
    lines.blank()
    lines.take(_CONTENTS, "'# Table of Contents'")
    while lines.starts("* "):
        lines.take(_LISTED, "an entry of the table of contents, '* [title](#anchor)'")
    lines.blank()
    entries = []
    while not lines.at_end():
        entries.append(_entry(lines))
    return Digest(day, tuple(entries))


def _entry(lines: _Lines) -> Entry:
    """A paper's section, from its second blank line to the blank line after the abstract."""
    lines.blank()
    title = lines.take(_HEADING, "a paper's heading, '## title'")
    lines.blank()
    authors = lines.take(_AUTHORS, "'>Authors: ' and the names")
    lines.blank()
    published = lines.date(_PUBLISHED, "the day of the first version, such as '>2025-11-26'")
    lines.blank()
    url = lines.take(_URL, "the link, '> [url](url)'")
    lines.blank()
    abstract = lines.abstract()
    lines.blank()
    return Entry(
        title=unescape(title),
        authors=tuple(map(unescape, authors.split(", "))) if authors else (),
        published=published,
        url=unescape(url),
        abstract=read_abstract(abstract),
    )


class _Lines:
    """The lines of a file, read one after the other."""

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
        text = self.take(pattern, expected)
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._next -= 1
            raise self._failure(expected, f"{text}, which is no date") from None

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

    def at_end(self) -> bool:
        """Whether all lines are read: the last one ends with a line end."""
        return self._next + 1 == len(self._lines) and not self._lines[-1]

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
        message = f"not a digest in the source format: {place}: expected {expected}, found {found}"
        return FormatError(message, line=line)
