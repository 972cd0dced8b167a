"""Whether an archive's file is sound: SQLite's own checks, and what must hold of its rows."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from digest.archive.batches import PLACES
from digest.archive.connection import opened_as_is
from digest.archive.content import Content, dictionary_of
from digest.archive.schema import version_of
from digest.archive.transactions import Database
from digest.model import PaperId

#: How many rows with one and the same trouble are named.
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class WrittenDigest(NamedTuple):
    """A digest as the ledger has it: its state, the hash of its file, that of one begun."""

    state: str
    sha256: str | None
    intended: str | None


@dataclass(frozen=True, slots=True)
class _Rule:
    """What must hold of the rows of a table: `sql` gives the keys of those that break it.

    `since` is the version of the file from which on there is such a thing.
    """

    table: str
    what: str
    sql: str
    since: int = 1


_BATCHES_SINCE = 4
_PACKED_SINCE = 7
_HELD_SINCE = 11
_PLACE_BYTES = array(PLACES).itemsize
_IS_BATCH = (
    "typeof(low) = 'integer' AND typeof(high) = 'integer' AND typeof(places) = 'blob' "
    f"AND length(places) % {_PLACE_BYTES} = 0"
)

_RULES = (
    _Rule(
        "paper",
        "its place in the sequence is not that of its id",
        "SELECT id FROM paper WHERE sequence IS NOT place_of(id)",
    ),
    _Rule(
        "paper",
        "no version of it is stored",
        "SELECT id FROM paper WHERE id NOT IN (SELECT paper FROM version)",
    ),
    _Rule(
        "paper",
        "the day on which it was seen is not a date",
        "SELECT id FROM paper WHERE NOT is_day(seen)",
    ),
    _Rule(
        "version",
        "versions count from 1",
        "SELECT paper || 'v' || version FROM version WHERE version < 1",
    ),
    _Rule(
        "version",
        "its texts cannot be unpacked",
        "SELECT paper || 'v' || version FROM version WHERE NOT is_packed(content)",
        since=_PACKED_SINCE,
    ),
    _Rule(
        "landmark",
        "the day on which it was seen is not a date",
        "SELECT sequence FROM landmark WHERE NOT is_day(seen)",
    ),
    _Rule(
        "digest",
        "its day is no date",
        "SELECT day FROM digest WHERE NOT is_day(day)",
    ),
    _Rule(
        "held",
        "it is no date, or is held by a digest that was not written",
        "SELECT day FROM held WHERE NOT is_day(day) OR digest NOT IN (SELECT day FROM digest)",
        since=_HELD_SINCE,
    ),
    _Rule(
        "digest",
        "its badges are not a JSON list",
        "SELECT day FROM digest WHERE NOT json_valid(badges)",
        since=2,
    ),
    _Rule(
        "imported",
        "the day of its digest, or of its submission, is not a date",
        "SELECT id FROM imported WHERE NOT is_day(day) OR NOT is_day(published)",
        since=3,
    ),
    _Rule(
        "batch",
        "its places are not a list of numbers within a stretch",
        f"SELECT day FROM batch WHERE NOT ({_IS_BATCH})",
        since=_BATCHES_SINCE,
    ),
    _Rule(
        "mark",
        "it stands for changes that were never made",
        "SELECT name FROM mark "
        "WHERE name = 'composed' AND value > (SELECT coalesce(max(change), 0) FROM paper)",
    ),
)


class Inspection:
    """Looks at an archive's file as it is: nothing is changed, one of an earlier version stays so.

    Its methods raise ArchiveError for a file that is not an archive, or one of another program or
    of a newer version. `patience` is how many seconds to wait where a lock is in the way.
    """

    def __init__(self, path: Path, patience: float = 30.0) -> None:
        self._path = path
        self._patience = patience

    def findings(self) -> list[Finding]:
        """What is wrong with the file at one moment; an earlier version as far as it has come."""
        with self._opened() as db:
            db.create_function("place_of", 1, _place_of, deterministic=True)
            db.create_function("is_day", 1, _is_day, deterministic=True)
            db.execute("BEGIN")
            version = version_of(db, str(self._path))  # reads: all that follows is of this moment
            if version >= _PACKED_SINCE:
                content = Content(lambda: dictionary_of(db))
                db.create_function("is_packed", 1, content.is_whole, deterministic=True)
            return [
                finding
                for where, broken in _checks(db, version)
                for finding in _first(where, broken)
            ]

    def papers(self) -> int:
        """How many works are stored."""
        with self._opened() as db:
            return int(db.execute("SELECT count(*) FROM paper").fetchone()[0])

    def digests(self) -> dict[str, WrittenDigest]:
        """The digests written, by day."""
        with self._opened() as db:
            rows = db.execute("SELECT day, state, sha256, intended FROM digest ORDER BY day")
            return {day: WrittenDigest(*rest) for day, *rest in rows}

    def _opened(self) -> AbstractContextManager[Database]:
        return opened_as_is(self._path, self._patience)


def is_intact(db: Database) -> bool:
    """Whether SQLite finds every page of a file in order; quicker than all of the above."""
    try:
        return bool(db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _checks(db: Database, version: int) -> Iterator[tuple[str, Iterator[Finding]]]:
    """Every check by the name of what it looks at."""
    yield "file", _integrity(db)
    yield "file", _references(db)
    for rule in _RULES:
        if rule.since <= version:
            yield rule.table, _broken(db, rule)
    if version >= _BATCHES_SINCE:
        yield "batch", _strange_batches(db)


def _first(where: str, broken: Iterator[Finding]) -> Iterator[Finding]:
    """The first findings of a check, and how many more there are.

    A page that cannot be read ends one check and not the others.
    """
    try:
        yield from islice(broken, _NAMED)
        if more := sum(1 for _ in broken):
            yield Finding(where, f"the same {more:,} times more")
    except sqlite3.DatabaseError as error:
        yield Finding(where, f"it cannot be read: {error}")


def _integrity(db: Database) -> Iterator[Finding]:
    for (line,) in db.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield Finding("file", line.replace("\n", " "))


def _references(db: Database) -> Iterator[Finding]:
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield Finding(f"{table} row {row}", f"what it belongs to is not in {parent}")


def _broken(db: Database, rule: _Rule) -> Iterator[Finding]:
    for (key,) in db.execute(rule.sql):
        yield Finding(f"{rule.table} {key}", rule.what)


def _strange_batches(db: Database) -> Iterator[Finding]:
    """Batches with places that no stored paper has, or that lie outside what the walk saw."""
    rows = db.execute(f"SELECT day, low, high, places FROM batch WHERE {_IS_BATCH}")
    for day, low, high, stored in rows:
        places = array(PLACES, stored)
        if any(not low <= place <= high for place in places):
            yield Finding(f"batch {day}", "it has places outside the stretch that it was found in")
        elif _without_paper(db, places):
            yield Finding(f"batch {day}", "it has places of which no paper is stored")


def _without_paper(db: Database, places: Iterable[int]) -> set[int]:
    wanted = set(places)
    if not wanted:
        return wanted
    rows = db.execute(
        "SELECT sequence FROM paper WHERE sequence BETWEEN ? AND ?", (min(wanted), max(wanted))
    )
    return wanted - {place for (place,) in rows}


def _place_of(base: object) -> int | None:
    """The place of an id; -1, which no paper has, for a text that is not an id."""
    try:
        paper = PaperId.parse(str(base))
    except ValueError:
        return -1
    return paper.sequence if str(paper) == base and paper.version is None else -1


def _is_day(stored: object) -> bool:
    """Whether it is a date as it is stored: ISO text."""
    try:
        return date.fromisoformat(str(stored)).isoformat() == stored
    except ValueError:
        return False
