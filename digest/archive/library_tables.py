"""The tables of libraries that digests were ordered by, of Zotero's, and of vectors."""

from __future__ import annotations

from digest.archive.transactions import Database

_TABLES = (
    # Papers of libraries that digests were ordered by; what libraries share is stored once.
    """
    CREATE TABLE library_paper (
        number  INTEGER PRIMARY KEY,
        hash    BLOB NOT NULL UNIQUE,
        content BLOB NOT NULL
    )
    """,
    "CREATE TABLE library (name TEXT PRIMARY KEY, papers BLOB NOT NULL) WITHOUT ROWID",
    # What ordered the papers of a digest: "newest", or the name of a library and of a model; ''
    # if that is not known.
    "ALTER TABLE digest ADD COLUMN ordered_by TEXT NOT NULL DEFAULT ''",
    # What a library elsewhere, such as Zotero's, had when it was read last.
    """
    CREATE TABLE library_source (
        source  TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        read_at INTEGER NOT NULL,
        papers  BLOB NOT NULL
    )
    """,
    # Papers that were added to a library elsewhere.
    """
    CREATE TABLE added_to (
        target TEXT NOT NULL, paper TEXT NOT NULL, PRIMARY KEY (target, paper)
    ) WITHOUT ROWID
    """,
    # Vectors of texts by a model: half-precision numbers, the lower byte first.
    """
    CREATE TABLE vector (
        model TEXT NOT NULL, text TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (model, text)
    ) WITHOUT ROWID
    """,
)


def keep_libraries(db: Database) -> None:
    """Migration: the tables above."""
    for statement in _TABLES:
        db.execute(statement)
