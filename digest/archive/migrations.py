"""Migrations that find out what earlier versions did not store."""

from __future__ import annotations

import sqlite3
from datetime import date

from digest.model import Period

_TABLE = (
    # Announcement days that are in a digest.
    """
    CREATE TABLE held (
        day    TEXT PRIMARY KEY,
        digest TEXT NOT NULL      -- the day of the digest
    ) WITHOUT ROWID
    """,
    "CREATE INDEX held_digest ON held (digest)",
    # 1: a person chose the days (`run --since`), and they stay as they are.
    "ALTER TABLE digest ADD COLUMN chosen INTEGER NOT NULL DEFAULT 0",
    # 1: the days are no longer those that the file was written with.
    "ALTER TABLE digest ADD COLUMN stale INTEGER NOT NULL DEFAULT 0",
)

#: Batches are derived, and found again. In place of `after` they name all their days.
_AFTER = (
    "DELETE FROM batch",
    "ALTER TABLE batch RENAME COLUMN after TO days",
    "ALTER TABLE digest DROP COLUMN after",
)


def hold_sets(db: sqlite3.Connection) -> None:
    """Migration: digests of an end and a beginning get their sets.

    A day that several of them have stays with the one of fewest days, as the others were made over
    it. An imported one has only its own day, and only if no other has it.
    """
    for statement in _TABLE:
        db.execute(statement)
    rows = db.execute("SELECT day, after, state = 'imported' FROM digest").fetchall()
    ends = [
        (bool(imported), date.fromisoformat(day), date.fromisoformat(after))
        for day, after, imported in rows
    ]
    for _, day, after in sorted(ends, key=lambda one: (one[0], one[1] - one[2], one[1])):
        days = Period.since(day, after).days
        free = [
            each.isoformat()
            for each in days
            if not db.execute("SELECT 1 FROM held WHERE day = ?", (each.isoformat(),)).fetchone()
        ]
        db.executemany("INSERT INTO held VALUES (?, ?)", [(one, day.isoformat()) for one in free])
        if len(free) < len(days):
            db.execute("UPDATE digest SET stale = 1 WHERE day = ?", (day.isoformat(),))
    for statement in _AFTER:
        db.execute(statement)


def note_papers_sent(db: sqlite3.Connection) -> None:
    """Migration: receivers get their papers."""
    # What joins a digest after it was sent is sent as well. Before, a digest was sent whole.
    db.execute("ALTER TABLE sent ADD COLUMN papers TEXT")  # base ids; null if not known
    db.execute("ALTER TABLE sent ADD COLUMN made_with TEXT NOT NULL DEFAULT ''")
    db.execute(
        """
        UPDATE sent SET (papers, made_with) =
            (SELECT shown, made_with FROM digest WHERE digest.day = sent.day)
        WHERE day IN (SELECT day FROM digest)
        """
    )
