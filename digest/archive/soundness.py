"""Whether an archive's file is sound: SQLite's own checks, and what must hold of its rows."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from digest.archive.batches import PLACES
from digest.archive.connection import Database, opened_as_is
from digest.archive.schema import version_of
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


@dataclass(frozen=True, slots=True)
class _Rule:
    """What must hold of the rows of a table: `sql` gives the keys of those that break it."""

    table: str
    what: str
    sql: str


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
        "the day on which it was seen is no date",
        "SELECT id FROM paper WHERE date(seen) IS NOT seen",
    ),
    _Rule(
        "version",
        "versions count from 1",
        "SELECT paper || 'v' || version FROM version WHERE version < 1",
    ),
    _Rule(
        "landmark",
        "the day on which it was seen is no date",
        "SELECT sequence FROM landmark WHERE date(seen) IS NOT seen",
    ),
    _Rule(
        "digest",
        "its days do not end after they begin",
        "SELECT day FROM digest WHERE date(day) IS NOT day OR date(after) IS NOT after "
        "OR day <= after",
    ),
    _Rule(
        "digest",
        "its badges are no JSON list",
        "SELECT day FROM digest WHERE NOT json_valid(badges)",
    ),
    _Rule(
        "imported",
        "it has the day of a digest, or of its submission, that is no date",
        "SELECT id FROM imported WHERE date(day) IS NOT day OR date(published) IS NOT published",
    ),
    _Rule(
        "mark",
        "it stands for changes that were never made",
        "SELECT name FROM mark WHERE value > (SELECT coalesce(max(change), 0) FROM paper)",
    ),
)


def findings(path: Path, patience: float = 30.0) -> Iterator[Finding]:
    """What is wrong with an archive's file, as it is at one moment; nothing is changed.

    A file of an earlier version is looked at as far as it has come. Raises ArchiveError for a file
    that is none at all, or one of another program or of a newer version.
    """
    with opened_as_is(path, patience) as db:
        db.create_function("place_of", 1, _place_of, deterministic=True)
        db.execute("BEGIN")
        version_of(db, str(path))  # begins to read: from here on all is of one moment
        for where, broken in _checks(db):
            yield from _first(where, broken)


def is_intact(db: Database) -> bool:
    """Whether SQLite finds every page of a file in order; quicker than all of the above."""
    try:
        return bool(db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _checks(db: Database) -> Iterator[tuple[str, Iterator[Finding]]]:
    """Every check by the name of what it looks at."""
    yield "file", _integrity(db)
    yield "file", _references(db)
    tables = _tables(db)
    for rule in _RULES:
        if rule.table in tables:
            yield rule.table, _broken(db, rule)
    if "batch" in tables:
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


def _tables(db: Database) -> set[str]:
    try:
        names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.DatabaseError:  # the first check has told
        return set()
    return {name for (name,) in names}


def _broken(db: Database, rule: _Rule) -> Iterator[Finding]:
    for (key,) in db.execute(rule.sql):
        yield Finding(f"{rule.table} {key}", rule.what)


def _strange_batches(db: Database) -> Iterator[Finding]:
    """Batches with places that no stored paper has, or that lie outside what the walk saw."""
    for day, low, high, stored in db.execute("SELECT day, low, high, places FROM batch"):
        where = f"batch {day}"
        if len(stored) % PLACES.itemsize:
            yield Finding(where, "its places are cut off")
            continue
        places = array(PLACES.typecode, stored)
        if any(not low <= place <= high for place in places):
            yield Finding(where, "it has places outside the stretch that it was found in")
        elif _without_paper(db, places):
            yield Finding(where, "it has places of which no paper is stored")


def _without_paper(db: Database, places: Iterable[int]) -> set[int]:
    wanted = set(places)
    if not wanted:
        return wanted
    rows = db.execute(
        "SELECT sequence FROM paper WHERE sequence BETWEEN ? AND ?", (min(wanted), max(wanted))
    )
    return wanted - {place for (place,) in rows}


def _place_of(base: object) -> int | None:
    """The place of an id; -1, which no paper has, for a text that is no id."""
    try:
        paper = PaperId.parse(str(base))
    except ValueError:
        return -1
    return paper.sequence if str(paper) == base and paper.version is None else -1
