"""The table of what lists of a day's ids came to that are not of arXiv's index."""

from __future__ import annotations

from digest.archive.transactions import Database


def keep_lists(db: Database) -> None:
    """Make the table; `last` is the highest id of a list, null if the list was not whole."""
    db.execute(
        "CREATE TABLE listed (day TEXT PRIMARY KEY, last INTEGER, asked_at INTEGER NOT NULL)"
        " WITHOUT ROWID"
    )
