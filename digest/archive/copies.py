"""An archive's file as a whole: a copy of it, and the same file without its empty pages."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from digest.archive.connection import opened_as_is
from digest.archive.schema import version_of
from digest.archive.soundness import is_intact
from digest.archive.transactions import Database
from digest.model.errors import ArchiveError, WriteError

#: Returns how many bytes are free on the disk of a folder.
Room = Callable[[Path], int]

#: Where SQLite keeps temporary files (https://sqlite.org/tempfiles.html).
_TEMPORARY = ("/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108


def copy(path: Path, target: Path, room: Room, patience: float = 30.0) -> int:
    """Copy an archive, as it is at one moment, to a new file; returns the copy's size in bytes.

    Others may go on writing meanwhile. The copy keeps the version of the file and is one file,
    without a write-ahead log beside it. Raises ArchiveError, also if the copy is damaged as the
    archive must be then, and WriteError without room for it. It is not synced to the disk.
    """
    with opened_as_is(path, patience) as db:
        _need(room, target.parent, _bytes(db))
        try:
            with closing(sqlite3.connect(target)) as new:
                # A copy that is broken off is thrown away, so no step of it has to be undone.
                new.execute("PRAGMA journal_mode = OFF")
                new.execute("PRAGMA synchronous = OFF")
                db.backup(new)
                new.execute("PRAGMA journal_mode = DELETE")
                size, sound = _bytes(new), is_intact(new)
        except sqlite3.Error as error:
            raise ArchiveError(
                f"the archive cannot be copied: {path}: {error}",
                hint=f"see whether {target.parent} can be written to; `digest archive verify` "
                "shows whether the archive is sound",
            ) from error
    if not sound:
        raise ArchiveError(
            f"the archive is damaged: {path}: a copy of it would be, too",
            hint="`digest archive verify` shows details; restore an earlier backup, or move the "
            "file away: what is needed is fetched again",
        )
    return size


def compact(path: Path, room: Room, patience: float = 30.0) -> tuple[int, int]:
    """Give the disk what an archive does not need; returns its sizes before and after, in bytes.

    Rows keep their order. Others may read meanwhile. Raises ArchiveError, and WriteError without
    room for the work, which takes place in a copy; the file is what it was then.
    """
    with opened_as_is(path, patience, writable=True) as db:
        before, needed = _bytes(db), _bytes(db, used=True)
        folders = [path.parent, _temporary_folder()]
        disks = [folder.stat().st_dev for folder in folders]
        for folder, disk in zip(folders, disks, strict=True):
            _need(room, folder, needed * disks.count(disk))
        db.execute("VACUUM")
        # With somebody still reading, the last one to close the file does this.
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return before, _bytes(db)


def is_archive(path: Path) -> bool:
    """Whether a file is an archive, of whatever version; not if SQLite cannot read it."""
    try:
        with opened_as_is(path, 0.0) as db:
            return version_of(db, str(path)) > 0
    except ArchiveError:
        return False


def _bytes(db: Database, *, used: bool = False) -> int:
    pages, free, size = (
        int(db.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free if used else pages) * size


def _need(room: Room, folder: Path, needed: int) -> None:
    free = room(folder)
    if free < needed:
        raise WriteError(
            f"not enough room on the disk: {folder}: {needed // 2**20 + 1:,} MiB are needed, "
            f"{free // 2**20:,} MiB are free",
            hint="free space on it",
        )


def _temporary_folder() -> Path:
    named = [os.environ[name] for name in ("SQLITE_TMPDIR", "TMPDIR") if name in os.environ]
    folders = (Path(name) for name in (*named, *_TEMPORARY))
    return next((folder for folder in folders if os.access(folder, os.W_OK | os.X_OK)), Path())
