"""Which digests were sent to whom. Receivers are known by their names, and not by an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from digest.archive.connection import Connection, day, seconds


class Deliveries:
    """What mail servers and chats have accepted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begins(self) -> dict[str, date]:
        """The first digest day of every receiver that was ever to be sent something."""
        return {
            name: day(first)
            for name, first in self._connection.rows("SELECT name, first FROM receiver")
        }

    def begin(self, names: Iterable[str], first: date) -> None:
        """Note the first digest day of receivers that have none yet."""
        with self._connection.transaction() as db:
            for name in names:
                db.execute(
                    "INSERT OR IGNORE INTO receiver VALUES (?, ?)", (name, first.isoformat())
                )

    def sent(self) -> set[tuple[date, str]]:
        """The digest days that were sent, each with the name of a receiver."""
        rows = self._connection.rows("SELECT day, receiver FROM sent")
        return {(day(of), name) for of, name in rows}

    def note(self, of: date, name: str, now: datetime) -> None:
        """Note that the digest of a day was accepted for a receiver."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO sent VALUES (?, ?, ?)", (of.isoformat(), name, seconds(now))
            )
