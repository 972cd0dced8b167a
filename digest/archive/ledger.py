"""The ledger: digests written, and days as they were last found."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zlib import crc32

from digest.archive.connection import Connection, day, seconds
from digest.archive.held import hold
from digest.archive.transactions import Database
from digest.model import Period


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """A digest that was written: its period, its state then, how many papers, the file's hashes.

    `intended` is the hash of bytes that were about to be written, `sha256` of those that were;
    `badges` are the texts of its most frequent badges; `made_with` names the keywords and the
    style that it was made with, "" if that is not known; `shown` are the base ids of its papers in
    their order, None if they are not known; `ordered_by` names what put them into it, "" if that is
    not known. It is `stale` while its days are no longer those that
    its file was written with.
    """

    period: Period
    state: str
    papers: int
    sha256: str | None
    intended: str | None = None
    badges: tuple[str, ...] = ()
    made_with: str = ""
    shown: tuple[str, ...] | None = None
    stale: bool = False
    ordered_by: str = ""


@dataclass(frozen=True, slots=True)
class DayRecord:
    """An announcement day as a run found it: papers stored, gaps, absent ids, kind of proof."""

    day: date
    state: str
    papers: int
    gaps: int
    absent: int
    proof: str


_RECORDS = """
    SELECT day, chosen, stale, state, papers, sha256, intended, badges, made_with, shown,
           ordered_by,
           (SELECT group_concat(held.day, ' ') FROM held WHERE held.digest = digest.day)
    FROM digest
"""


class Ledger:
    """What the program has done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def digests(self) -> dict[date, DigestRecord]:
        """Every digest written, by day, ascending."""
        rows = self._connection.rows(f"{_RECORDS} ORDER BY day")
        return {record.period.day: record for record in map(_record, rows)}

    def digest(self, day: date) -> DigestRecord | None:
        """The digest of a day; None if none was written."""
        rows = self._connection.rows(f"{_RECORDS} WHERE day = ?", (day.isoformat(),))
        return _record(rows[0]) if rows else None

    def intend(self, record: DigestRecord, now: datetime) -> None:
        """Note the hash of the bytes about to be written, beside that of those written before.

        From now on the digest holds its days and no other one does: those that did, and this one
        until it is settled, are stale.
        """
        with self._connection.transaction() as db:
            db.execute(
                """
                INSERT INTO digest
                    (day, chosen, state, papers, badges, made_with, shown, ordered_by, intended,
                     written_at, stale)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
                ON CONFLICT DO UPDATE SET
                    intended = excluded.intended, stale = 1, ordered_by = excluded.ordered_by
                """,
                (*_head(record), record.intended, seconds(now)),
            )
            hold(db, record.period)

    def settle(self, record: DigestRecord, now: datetime) -> None:
        """Note that the bytes of `record.sha256` are in the file."""
        with self._connection.transaction() as db:
            settle(db, record, now)

    def exported(self) -> frozenset[str]:
        """The papers that `note_exported` has recorded, by base id."""
        return frozenset(paper for (paper,) in self._connection.rows("SELECT paper FROM exported"))

    def note_exported(self, papers: Iterable[str]) -> None:
        """Note papers as exported."""
        with self._connection.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO exported VALUES (?)", ((paper,) for paper in papers)
            )

    def composed(self, rule: str) -> int:
        """The last change of the papers that all written digests take account of.

        0 if another rule assigned these papers to their days.
        """
        marks = dict(
            self._connection.rows("SELECT name, value FROM mark WHERE name IN ('composed', 'rule')")
        )
        return int(marks["composed"]) if marks.get("rule") == _number(rule) else 0

    def is_composed(self, rule: str) -> bool:
        """Whether all written digests take account of all papers."""
        return not self._connection.value(
            "SELECT 1 FROM paper WHERE change > ? LIMIT 1", (self.composed(rule),)
        )

    def mark_composed(self, change: int, rule: str) -> None:
        """Note that all digests take account of the changes up to this one, by a rule."""
        marks = (("composed", change), ("rule", _number(rule)))
        with self._connection.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO mark VALUES (?, ?)", marks)

    def has_warned(self) -> bool:
        """Whether the operator got a notice of trouble, and none since that all is well."""
        return bool(self._connection.value("SELECT value FROM mark WHERE name = 'told'"))

    def note_warned(self, trouble: bool) -> None:
        """Note which notice the operator got: of trouble, or that all is well."""
        with self._connection.transaction() as db:
            db.execute("INSERT OR REPLACE INTO mark VALUES ('told', ?)", (trouble,))

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


def settle(db: Database, record: DigestRecord, now: datetime) -> None:
    """`Ledger.settle` inside a transaction."""
    db.execute(
        """
        INSERT OR REPLACE INTO digest
            (day, chosen, state, papers, badges, made_with, shown, ordered_by, sha256, written_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (*_head(record), record.sha256, seconds(now)),
    )
    hold(db, record.period)


def _number(rule: str) -> int:
    """Marks are numbers."""
    return crc32(rule.encode())


def _head(record: DigestRecord) -> tuple[str, bool, str, int, str, str, str | None, str]:
    return (
        record.period.day.isoformat(),
        record.period.chosen,
        record.state,
        record.papers,
        json.dumps(record.badges),
        record.made_with,
        None if record.shown is None else " ".join(record.shown),
        record.ordered_by,
    )


def _record(row: tuple[Any, ...]) -> DigestRecord:
    of, chosen, stale, state, papers, sha256, intended, badges, made_with, shown, order, held = row
    return DigestRecord(
        Period(day(of), frozenset(map(day, (held or "").split())), bool(chosen)),
        state,
        papers,
        sha256,
        intended,
        tuple(json.loads(badges)),
        made_with,
        None if shown is None else tuple(shown.split()),
        bool(stale),
        order,
    )
