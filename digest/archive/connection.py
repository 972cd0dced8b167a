"""One open SQLite file: transactions, and SQLite's complaints in the project's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from digest.archive.schema import migrate, version_of
from digest.archive.transactions import snapshot, transaction
from digest.errors import ArchiveError
from digest.model import Window

#: What a transaction executes on.
Database = sqlite3.Connection


class Connection:
    """An open archive file, brought to this version; `path` may be ":memory:".

    `patience` is how many seconds to wait while another process writes. Raises ArchiveError,
    naming the file, for all that SQLite or the file system reports.
    """

    def __init__(self, path: Path | str, patience: float) -> None:
        self._name = str(path)
        with self._named():
            if isinstance(path, Path):
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=patience)
            try:
                migrate(self._db, self._name)
                # Readers see a whole state while a run writes; a commit survives a power cut.
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def rows(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[Any]:
        """All rows of a query."""
        with self._named():
            return self._db.execute(sql, values).fetchall()

    def value(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> Any:
        """The first column of the first row; None if there is none."""
        with self._named():
            row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is executed inside."""
        with self._named(), transaction(self._db):
            yield self._db

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, also while another process writes."""
        with self._named(), snapshot(self._db):
            yield

    def _named(self) -> AbstractContextManager[None]:
        return sqlite_errors(self._name)


@contextmanager
def opened_as_is(path: Path, patience: float, *, writable: bool = False) -> Iterator[Database]:
    """An archive's file that is there, of this version or an earlier one, which it keeps.

    Raises ArchiveError like `Connection`, also for what SQLite reports of a statement inside.
    """
    with sqlite_errors(str(path)):
        if not path.is_file():
            raise ArchiveError(
                f"there is no archive: {path}", hint="`digest run` makes it, and fills it"
            )
        # Not `mode=ro`: it would leave the write-ahead log's files behind.
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=patience
        )
        with closing(db):
            if not version_of(db, str(path)):
                raise ArchiveError(f"the archive cannot be used: {path}: it is empty")
            db.execute(f"PRAGMA query_only = {not writable}")
            yield db


@contextmanager
def sqlite_errors(name: str) -> Iterator[None]:
    """What SQLite and the file system report inside, as ArchiveError that names the file."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except (sqlite3.Error, OSError) as error:
        hint = "the file was left as it is; free the disk, mend its permissions or restore it"
        if "locked" in str(error):
            hint = "another process is writing to it; try again when it is done"
        raise ArchiveError(f"the archive cannot be used: {name}: {error}", hint=hint) from error


def seconds(moment: datetime) -> int:
    """A moment as it is stored: whole seconds since 1970."""
    return int(moment.timestamp())


def moment(stored: int) -> datetime:
    """The inverse of `seconds`."""
    return datetime.fromtimestamp(stored, UTC)


def day(stored: str) -> date:
    """A date as it is stored: ISO text."""
    return date.fromisoformat(stored)


def bounds(window: Window) -> tuple[int, int]:
    """A window's start and end as they are stored."""
    return seconds(window.start), seconds(window.end)
