"""On which line of a TOML file each key stands, which `tomllib` does not report."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

#: Keys and 0-based indices from the root of the document to a value.
Location = tuple[str | int, ...]

_WORD = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')"""
_KEY = re.compile(rf"{_WORD}(?:[ \t]*\.[ \t]*{_WORD})*")
_BLANK = re.compile(r"(?:\s|#.*)*")
_STRING = re.compile(
    r""""{3}(?:\\[\s\S]|[^\\])*?"{3,5}|'{3}[\s\S]*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*\'"""
)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def key_lines(text: str) -> dict[Location, int]:
    """The 1-based line of every key, table header and list element of a document.

    `text` must be TOML that `tomllib` reads. An array of tables is on the line of its first
    table; a table that no line opens (`a` in `[a.b]`) is given none.
    """
    return dict(_Scanner(text.replace("\r\n", "\n")).statements())


class _Scanner:
    """Walks over a sound document once, from statement to statement."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counts: dict[Location, int] = {}

    def statements(self) -> Iterator[tuple[Location, int]]:
        table: Location = ()
        self._take(_BLANK)
        while self._at < len(self._text):
            line = self._line
            if self._text.startswith("[[", self._at):
                self._at += 2
                array, index = self._next_of_array(self._key())
                table = (*array, index)
                self._at += 2
                if index == 0:
                    yield array, line
                yield table, line
            elif self._text.startswith("[", self._at):
                self._at += 1
                table = self._place(self._key())
                self._at += 1
                yield table, line
            else:
                yield from self._pair(table)
            self._take(_BLANK)

    def _place(self, key: Location) -> Location:
        """Where a header leads: to the last element so far of each array of tables it names."""
        place: Location = ()
        for word in key:
            place += (word,)
            if place in self._counts:
                place += (self._counts[place] - 1,)
        return place

    def _next_of_array(self, key: Location) -> tuple[Location, int]:
        array = (*self._place(key[:-1]), key[-1])
        index = self._counts.get(array, 0)
        self._counts[array] = index + 1
        return array, index

    def _pair(self, table: Location) -> Iterator[tuple[Location, int]]:
        line = self._line
        place = table + self._key()
        yield place, line
        self._step()  # over the equals sign
        yield from self._value(place)

    def _value(self, place: Location) -> Iterator[tuple[Location, int]]:
        opening = self._text[self._at]
        if opening == "[":
            yield from self._elements(place)
        elif opening == "{":
            yield from self._inline_table(place)
        elif opening in "\"'":
            self._take(_STRING)
        else:
            self._take(_SCALAR)

    def _elements(self, place: Location) -> Iterator[tuple[Location, int]]:
        self._step()
        index = 0
        while self._text[self._at] != "]":
            yield (*place, index), self._line
            yield from self._value((*place, index))
            self._comma()
            index += 1
        self._at += 1

    def _inline_table(self, place: Location) -> Iterator[tuple[Location, int]]:
        self._step()
        while self._text[self._at] != "}":
            yield from self._pair(place)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        self._take(_BLANK)
        if self._text[self._at] == ",":
            self._step()

    def _step(self) -> None:
        """Over one sign and what is blank after it."""
        self._at += 1
        self._take(_BLANK)

    def _key(self) -> Location:
        self._take(_BLANK)
        words = self._take(_KEY)
        self._take(_BLANK)
        return _words(words)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"line {self._line} is not TOML")
        self._line += match[0].count("\n")
        self._at = match.end()
        return match[0]


def _words(key: str) -> Location:
    """The words of a dotted key, unquoted by the one who knows how."""
    words: list[str] = []
    inner: object = tomllib.loads(f"{key} = 0")
    while isinstance(inner, dict):
        word, inner = next(iter(inner.items()))
        words.append(word)
    return tuple(words)
