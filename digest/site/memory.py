"""What was made and of what, kept beside the pages, so that only what changes is made again.

One file a day with its papers as lists and the search show them, and one file with the
fingerprints of all pages. All of it can be deleted: then everything is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from digest.writer.files import replace

_PAGES = "pages.json"


@dataclass(frozen=True, slots=True)
class Brief:
    """A paper as lists show it. `link` is its id as the digest links to it, `id` without version.

    `abstract` is plain text; `keywords` are those with a badge, in reading order.
    """

    id: str
    link: str
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    abstract: str


@dataclass(frozen=True, slots=True)
class Day:
    """A digest and its papers in order. `key` names what its page was made of."""

    day: date
    key: str
    papers: tuple[Brief, ...]


@dataclass(slots=True)
class Pages:
    """What is known of all files of the site: name to fingerprint and size in bytes.

    `change` is the archive's last change that was looked at, `months` what each month's search
    was made of.
    """

    change: int = 0
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    months: dict[str, str] = field(default_factory=dict)


def fingerprint(*parts: object) -> str:
    """Equal for equal parts."""
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Memory:
    """The files in a folder. What cannot be read is taken as not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pages(self) -> Pages:
        """What was known of the files at the end of the last time."""
        data = self._read(_PAGES)
        with suppress(TypeError, ValueError, KeyError, AttributeError):
            files = {name: (str(mark), int(size)) for name, (mark, size) in data["files"].items()}
            return Pages(int(data["change"]), files, dict(data["months"]))
        return Pages()

    def keep_pages(self, pages: Pages) -> None:
        """Remember the files. Raises WriteError."""
        self._write(_PAGES, asdict(pages))

    def day(self, day: date) -> Day | None:
        """A day as it was remembered."""
        data = self._read(_name(day))
        with suppress(TypeError, ValueError, KeyError):
            return Day(day, str(data["key"]), tuple(map(_brief, data["papers"])))
        return None

    def keep_day(self, day: Day) -> None:
        """Remember a day. Raises WriteError."""
        self._write(_name(day.day), {"key": day.key, "papers": [asdict(one) for one in day.papers]})

    def forget_others(self, days: Iterable[date]) -> None:
        """Forget all days but these."""
        names = {_PAGES, *map(_name, days)}
        for path in self._folder.glob("*.json"):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def _read(self, name: str) -> Any:
        with suppress(OSError, ValueError, RecursionError):
            return json.loads((self._folder / name).read_bytes())
        return None

    def _write(self, name: str, data: object) -> None:
        replace(self._folder / name, json.dumps(data, separators=(",", ":")).encode())


def _name(day: date) -> str:
    return f"{day.isoformat()}.json"


def _brief(data: dict[str, Any]) -> Brief:
    lists = {name: tuple(data[name]) for name in ("authors", "categories", "keywords")}
    return Brief(**{**data, **lists})
