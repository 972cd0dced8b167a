"""Which digests were sent to whom. Receivers are known by their names, and not by an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from digest.archive.connection import Connection, day, seconds


class SentPapers(NamedTuple):
    """The base ids of papers that were sent, and what names the keywords and style they went by."""

    ids: frozenset[str]
    made_with: str


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

    def papers(self) -> dict[tuple[date, str], SentPapers]:
        """Which papers of each digest a receiver has; what is not known is left out."""
        rows = self._connection.rows(
            "SELECT day, receiver, papers, made_with FROM sent WHERE papers NOT NULL"
        )
        return {
            (day(of), name): SentPapers(frozenset(papers.split()), made_with)
            for of, name, papers, made_with in rows
        }

    def note(self, of: date, name: str, sent: SentPapers, now: datetime) -> None:
        """Note that the digest of a day, or papers that joined it, was accepted for a receiver."""
        with self._connection.transaction() as db:
            db.execute(
                """
                INSERT INTO sent (day, receiver, sent_at, papers, made_with) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET papers = papers || ' ' || excluded.papers
                """,
                (of.isoformat(), name, seconds(now), " ".join(sorted(sent.ids)), sent.made_with),
            )
