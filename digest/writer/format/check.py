"""Is a file exactly what the digest that it holds is rendered to?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile, zip_longest

from digest.model import Digest, Entry, Marked, Names
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer

_BEFORE = 20
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place at which a file is not what was expected.

    `line` and `column` are 1-based, `column` counts characters. `expected` and `actual` are the
    whole lines without line end; None where the file ends before.
    """

    line: int
    column: int
    expected: str | None
    actual: str | None

    def __str__(self) -> str:
        expected, actual = self._shown(self.expected), self._shown(self.actual)
        return f"line {self.line}, column {self.column}: expected {expected}, found {actual}"

    def _shown(self, line: str | None) -> str:
        """The part of a line around the difference."""
        if not line:
            return "the end of the file" if line is None else "an empty line"
        start = max(0, self.column - 1 - _BEFORE)
        part = line[start : start + _SHOWN]
        after = "…" if start + _SHOWN < len(line) else ""
        return repr(f"{'…' if start else ''}{part}{after}")


def first_difference(expected: bytes, actual: bytes) -> Difference | None:
    """Where two files first differ; None if they are equal. Takes any bytes."""
    pairs = zip_longest(expected.split(b"\n"), actual.split(b"\n"))
    for number, (wanted, found) in enumerate(pairs, start=1):
        if wanted != found:
            lines = _text(wanted), _text(found)
            return Difference(number, _column(*lines), *lines)
    return None


def check(data: bytes, renderer: Renderer, name: str = "") -> Difference | None:
    """Where a file first differs from its own digest, read back and rendered; None if nowhere.

    Raises FormatError where it cannot be read, TemplateError.
    """
    return first_difference(renderer.render(read_back(data, name)), data)


def marked_again(digest: Digest, mark: Callable[[Entry], tuple[Names, Marked]]) -> Digest:
    """The digest with its badges found again: `mark` gives an entry's authors and abstract."""
    marked = ((entry, *mark(entry)) for entry in digest.entries)
    entries = (replace(entry, authors=names, abstract=text) for entry, names, text in marked)
    return replace(digest, entries=tuple(entries))


def _text(line: bytes | None) -> str | None:
    return None if line is None else line.decode(errors="replace")


def _column(expected: str | None, actual: str | None) -> int:
    pairs = zip(expected or "", actual or "", strict=False)
    return 1 + sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
