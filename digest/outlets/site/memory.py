"""What was made and of what, kept beside the pages, so that only what changes is made again.

One file a day with its papers as lists and the search show them, and one file about what was
made. All of it can be deleted: then everything is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from digest.files import remove, replace

_MADE = "made.json"
_LISTS = ("authors", "categories", "keywords", "topics")


@dataclass(frozen=True, slots=True)
class Brief:
    """A paper as lists show it. `link` is its id as the digest links to it, `id` without version.

    `title` is arXiv's own; `abstract` is plain text; `keywords` are those with a badge, in reading
    order; `published` is the UTC date of the first version (`2026-03-02`).
    """

    id: str
    link: str
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    abstract: str
    topics: tuple[str, ...] = ()
    published: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A digest and its papers in order.

    `key` names what its page was made of, `mark` its papers: equal for equal papers. `parts` is
    the number of its pages.
    """

    day: date
    key: str
    mark: str
    papers: tuple[Brief, ...]
    parts: int = 1

    @classmethod
    def of(cls, day: date, key: str, papers: tuple[Brief, ...]) -> Day:
        """A day with its mark."""
        return cls(day, key, fingerprint(day, papers), papers)


class Known(NamedTuple):
    """What is known of a file: what it was made of, and its size in bytes."""

    mark: str
    size: int


@dataclass(slots=True)
class Made:
    """What was made last time: the pages and the other files by name.

    `change` is the archive's last change that was looked at.
    """

    change: int = 0
    files: dict[str, Known] = field(default_factory=dict)


def fingerprint(*parts: object) -> str:
    """Equal for equal parts."""
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Memory:
    """The files in a folder. What cannot be read is taken as not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def made(self) -> Made:
        """What was made at the end of the last time."""
        data = self._read(_MADE)
        with suppress(TypeError, ValueError, KeyError, AttributeError):
            return Made(int(data["change"]), _known(data["files"]))
        return Made()

    def keep(self, made: Made) -> None:
        """Remember what was made. Raises WriteError."""
        self._write(_MADE, {"change": made.change, "files": made.files})

    def day(self, day: date) -> Day | None:
        """A day as it was remembered."""
        data = self._read(_name(day))
        with suppress(TypeError, ValueError, KeyError):
            papers = tuple(map(_brief, data["papers"]))
            key, mark, parts = str(data["key"]), str(data["mark"]), int(data["parts"])
            return Day(day, key, mark, papers, parts)
        return None

    def keep_day(self, day: Day) -> None:
        """Remember a day. Raises WriteError."""
        papers = [{name: getattr(one, name) for name in Brief.__slots__} for one in day.papers]
        of_day = {"key": day.key, "mark": day.mark, "parts": day.parts, "papers": papers}
        self._write(_name(day.day), of_day)

    def forget_others(self, days: Iterable[date]) -> None:
        """Forget all days but these. Raises WriteError."""
        names = {_MADE, *map(_name, days)}
        for path in self._folder.glob("*.json"):
            if path.name not in names:
                remove(path)

    def _read(self, name: str) -> Any:
        with suppress(OSError, ValueError, RecursionError):
            return json.loads((self._folder / name).read_bytes())
        return None

    def _write(self, name: str, data: object) -> None:
        data = json.dumps(data, separators=(",", ":")).encode()
        replace(self._folder / name, data, lasting=False)


def _name(day: date) -> str:
    return f"{day.isoformat()}.json"


def _known(data: dict[str, Any]) -> dict[str, Known]:
    return {name: Known(str(mark), int(size)) for name, (mark, size) in data.items()}


def _brief(data: dict[str, Any]) -> Brief:
    lists = {name: tuple(data[name]) for name in _LISTS}
    return Brief(**{**data, **lists})
