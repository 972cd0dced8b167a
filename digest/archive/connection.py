"""One open SQLite file: transactions, and SQLite's errors in the project's words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from digest.archive.schema import MIGRATIONS, migrate, version_of
from digest.archive.transactions import Database, snapshot, transaction
from digest.model import Window
from digest.model.errors import ArchiveError


class Connection:
    """An open archive file, brought to this version; `path` may be ":memory:".

    `patience` is how many seconds to wait while another process writes. Raises ArchiveError,
    naming the file, for all that SQLite or the file system reports. Where its folder cannot be
    written to, a file is only read, and has to be of this version.
    """

    def __init__(self, path: Path | str, patience: float) -> None:
        self._name = str(path)
        self._check: Callable[[], None] = lambda: None
        with sqlite_errors(self._name):
            self._is_read_only = isinstance(path, Path) and _is_protected(path)
            if isinstance(path, Path) and self._is_read_only:
                self._db, self._check = _to_read(path, patience)
            else:
                if isinstance(path, Path):
                    path.parent.mkdir(parents=True, exist_ok=True)
                self._db = sqlite3.connect(path, isolation_level=None, timeout=patience)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        if self._is_read_only:
            if version_of(self._db, self._name) < len(MIGRATIONS):
                raise ArchiveError(
                    f"the archive cannot be used: {self._name}: it was written by an earlier "
                    "arxiv-daily-digest, and its folder is read-only",
                    hint="run `digest status` as a user who may write there",
                )
            return
        migrate(self._db, self._name)
        # Readers see a whole state while a run writes; a commit survives a power cut.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")

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

    @contextmanager
    def _named(self) -> Iterator[None]:
        with sqlite_errors(self._name):
            try:
                yield
            finally:
                self._check()


@contextmanager
def opened_as_is(path: Path, patience: float, *, writable: bool = False) -> Iterator[Database]:
    """An archive's file that is there, of this version or an earlier one, which it keeps.

    Raises ArchiveError like `Connection`, also for what SQLite reports of a statement inside.
    """
    with sqlite_errors(str(path)):
        if not path.is_file():
            raise ArchiveError(
                f"the archive does not exist: {path}", hint="`digest run` creates it"
            )
        if _is_protected(path) and not writable:
            db, check = _to_read(path, patience)
        else:
            # Not `mode=ro`: it would leave the write-ahead log's files behind.
            db, check = _connected(path, "mode=rw", patience), lambda: None
        with closing(db):
            try:
                if not version_of(db, str(path)):
                    raise ArchiveError(f"the archive cannot be used: {path}: it is empty")
                db.execute(f"PRAGMA query_only = {not writable}")
                yield db
            finally:
                check()


def _is_protected(path: Path) -> bool:
    """Whether a file is there, and SQLite can make no other one beside it."""
    return path.is_file() and not os.access(path.resolve().parent, os.W_OK | os.X_OK)


def _to_read(path: Path, patience: float) -> tuple[Database, Callable[[], None]]:
    """A file in a read-only folder, with a check that its answers are valid.

    Who writes to the file has a write-ahead log beside it, which SQLite can read without writing
    (https://sqlite.org/wal.html#read_only_databases). Where there is none SQLite would make one;
    opened as immutable, it needs none, and no locks. So a file that
    somebody else begins to write to has to be noticed: the log gets into it only at times.
    Raises ArchiveError.
    """
    real = path.resolve()
    log, index = (real.with_name(f"{real.name}-{end}") for end in ("wal", "shm"))
    if log.exists() and index.exists():
        return _connected(real, "mode=ro", patience), lambda: None
    if log.exists() and log.stat().st_size:
        raise ArchiveError(
            f"the archive cannot be used: {path}: a run left its log, and its folder is read-only",
            hint="run `digest status` as a user who may write there",
        )
    before = _state(real)

    def check() -> None:
        if _state(real) != before:
            raise ArchiveError(
                f"the archive was written to while it was read: {path}", hint="try again"
            )

    return _connected(real, "immutable=1", patience), check


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _connected(path: Path, mode: str, patience: float) -> Database:
    address = f"{path.absolute().as_uri()}?{mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=patience)


@contextmanager
def sqlite_errors(name: str) -> Iterator[None]:
    """What SQLite and the file system report inside, as ArchiveError that names the file."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except (sqlite3.Error, OSError) as error:
        hint = "the file was not changed; free disk space, fix its permissions or restore it"
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
