"""The ledger: digests written, days as they were last found, runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from digest.archive.connection import Connection, Database, day, moment, seconds
from digest.model import Period


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """A digest that was written: its period, its state then, how many papers, the file's hashes.

    `intended` is the hash of bytes that were about to be written, `sha256` of those that were;
    `badges` are the texts of its most frequent badges.
    """

    period: Period
    state: str
    papers: int
    sha256: str | None
    intended: str | None = None
    badges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayRecord:
    """An announcement day as a run found it: papers stored, gaps, absent ids, kind of proof."""

    day: date
    state: str
    papers: int
    gaps: int
    absent: int
    proof: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of the program: when, what it cost, how it ended."""

    started: datetime
    ended: datetime
    requests: int
    received: int
    outcome: str


class Ledger:
    """What the program has done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def digests(self) -> dict[date, DigestRecord]:
        """Every digest written, by day, ascending."""
        rows = self._connection.rows(
            "SELECT day, after, state, papers, sha256, intended, badges FROM digest ORDER BY day"
        )
        return {
            day(of): DigestRecord(
                Period(day(of), day(after)),
                state,
                papers,
                sha256,
                intended,
                tuple(json.loads(badges)),
            )
            for of, after, state, papers, sha256, intended, badges in rows
        }

    def intend(self, record: DigestRecord, now: datetime) -> None:
        """Note the hash of the bytes about to be written, beside that of those written before."""
        with self._connection.transaction() as db:
            db.execute(
                """
                INSERT INTO digest (day, after, state, papers, badges, intended, written_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET intended = excluded.intended
                """,
                (*_head(record), record.intended, seconds(now)),
            )

    def settle(self, record: DigestRecord, now: datetime) -> None:
        """Note that the bytes of `record.sha256` are in the file."""
        with self._connection.transaction() as db:
            settle(db, record, now)

    def composed(self) -> int:
        """The last change of the papers that all written digests take account of."""
        return int(self._connection.value("SELECT value FROM mark WHERE name = 'composed'") or 0)

    def mark_composed(self, change: int) -> None:
        """Note that all digests take account of the changes up to this one."""
        with self._connection.transaction() as db:
            db.execute("INSERT OR REPLACE INTO mark VALUES ('composed', ?)", (change,))

    def add_days(self, records: Iterable[DayRecord]) -> None:
        """Note how announcement days were found."""
        with self._connection.transaction() as db:
            for record in records:
                db.execute(
                    "INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        record.day.isoformat(),
                        record.state,
                        record.papers,
                        record.gaps,
                        record.absent,
                        record.proof,
                    ),
                )

    def remember(self, days: Iterable[date]) -> None:
        """Note days before anything is asked, so that a run that fails at once leaves a trace."""
        with self._connection.transaction() as db:
            for of in days:
                db.execute(
                    "INSERT OR IGNORE INTO day VALUES (?, 'waiting', 0, 0, 0, '')",
                    (of.isoformat(),),
                )

    def days(self) -> list[DayRecord]:
        """The announcement days looked at so far, ascending."""
        rows = self._connection.rows(
            "SELECT day, state, papers, gaps, absent, proof FROM day ORDER BY day"
        )
        return [DayRecord(day(of), *rest) for of, *rest in rows]

    def add_run(self, run: RunRecord) -> None:
        """Keep the record of a run."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?, ?)",
                (
                    seconds(run.started),
                    seconds(run.ended),
                    run.requests,
                    run.received,
                    run.outcome,
                ),
            )

    def last_run(self) -> RunRecord | None:
        """The record of the latest run."""
        rows = self._connection.rows("SELECT * FROM run ORDER BY started DESC LIMIT 1")
        for started, ended, requests, received, outcome in rows:
            return RunRecord(moment(started), moment(ended), requests, received, outcome)
        return None


def settle(db: Database, record: DigestRecord, now: datetime) -> None:
    """`Ledger.settle` inside a transaction."""
    db.execute(
        """
        INSERT OR REPLACE INTO digest (day, after, state, papers, badges, sha256, written_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (*_head(record), record.sha256, seconds(now)),
    )


def _head(record: DigestRecord) -> tuple[str, str, str, int, str]:
    period = record.period
    badges = json.dumps(record.badges)
    return period.day.isoformat(), period.after.isoformat(), record.state, record.papers, badges
