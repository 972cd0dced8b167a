"""Which digest holds which announcement day: each day is in one digest, by the table's own key."""

from __future__ import annotations

from datetime import date

from digest.archive.transactions import Database
from digest.model import Period


def hold(db: Database, period: Period) -> None:
    """Give a digest its days and no others; those that held one of them are stale from now on.

    What is left of a digest whose days a person chose is no longer their choice.
    """
    digest = period.day.isoformat()
    db.execute("DELETE FROM held WHERE digest = ?", (digest,))
    for day in map(date.isoformat, period.days):
        db.execute(
            """
            UPDATE digest SET stale = 1, chosen = 0
            WHERE day = (SELECT digest FROM held WHERE day = ?) AND state <> 'imported'
            """,
            (day,),
        )
        db.execute("INSERT OR REPLACE INTO held VALUES (?, ?)", (day, digest))
