"""Coverage: the places of the id sequence that are known, and what arXiv was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from digest.archive.batches import forget_batches
from digest.archive.connection import Connection, bounds, day, moment, seconds
from digest.model import (
    Asked,
    Edge,
    Listed,
    Paper,
    PaperId,
    Point,
    Reading,
    Source,
    Span,
    Window,
    sequence_of,
)

#: A walk begins and ends some batches away from what it is for, so that its run is that of the
#: whole sequence: four times as many places on both sides, within these bounds.
_LEAST_LEAD = 1_000
_LONGEST_LEAD = 5_000

#: Beyond every place of the sequence.
_END = 2**62


class Coverage:
    """Places of the sequence, windows read, edges looked at, ids that arXiv did not return."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_edge(
        self, of: date, papers: Sequence[Paper], seen: date, now: datetime, *, newest: bool
    ) -> None:
        """Keep the places of papers read at a day's edge, and that the edge was read."""
        rows = [
            (sequence, seconds(paper.published), seen.isoformat())
            for paper in papers
            if (sequence := sequence_of(paper.id)) is not None
        ]
        with self._connection.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO landmark VALUES (?, ?, ?)", rows)
            forget_batches(db, [place for place, _, _ in rows])
            db.execute(
                "INSERT OR REPLACE INTO edge VALUES (?, ?, ?, ?)",
                (of.isoformat(), int(newest), len(papers), seconds(now)),
            )

    def change(self) -> tuple[int, int]:
        """Differs whenever the known places do: the last change of papers, the last edge's time."""
        return (
            int(self._connection.value("SELECT coalesce(max(change), 0) FROM paper")),
            int(self._connection.value("SELECT count(*) FROM edge")),
        )

    def points_around(self, window: Window) -> tuple[list[Point], set[int]]:
        """The known places around a submission window, ascending, and those whose paper is stored.

        Held papers of the window stand anywhere in the sequence, so the one in the middle tells
        where its batch is. Both are empty if nothing of the window is known.
        """
        inside = self._connection.rows(
            """
            SELECT sequence FROM paper
            WHERE sequence NOT NULL AND published >= ?1 AND published < ?2
            UNION
            SELECT sequence FROM landmark WHERE published >= ?1 AND published < ?2
            ORDER BY 1
            """,
            bounds(window),
        )
        if not inside:
            return [], set()
        middle = inside[len(inside) // 2][0]
        return self.points_near(middle, middle, len(inside))

    def points_near(self, first: int, last: int, count: int) -> tuple[list[Point], set[int]]:
        """The known places from `first` to `last` and around them, like the above.

        `count` is about how many places the walk is for.
        """
        lead = count + min(max(4 * count, _LEAST_LEAD), _LONGEST_LEAD)
        low = self._connection.value(
            "SELECT sequence FROM paper WHERE sequence < ? ORDER BY sequence DESC LIMIT 1 OFFSET ?",
            (first, lead),
        )
        high = self._connection.value(
            "SELECT sequence FROM paper WHERE sequence > ? ORDER BY sequence LIMIT 1 OFFSET ?",
            (last, lead),
        )
        return self._points(low or 0, high or _END)

    def _points(self, low: int, high: int) -> tuple[list[Point], set[int]]:
        papers, landmarks = (
            self._connection.rows(
                f"SELECT sequence, published, seen FROM {table} WHERE sequence BETWEEN ? AND ?",
                (low, high),
            )
            for table in ("paper", "landmark")
        )
        stored = {row[0] for row in papers}
        rows = papers + [row for row in landmarks if row[0] not in stored]
        days = {seen: day(seen) for seen in {row[2] for row in rows}}
        return [Point(place, time, days[seen]) for place, time, seen in sorted(rows)], stored

    def add_reading(
        self, scope: str, of: date, reading: Reading, source: Source = Source.QUERY
    ) -> None:
        """Note that a day's window was read; `scope` is the scope's query, "" for all of arXiv.

        Only the query API's word counts that there is nothing: a list of OAI-PMH that was made
        too early stays empty until midnight.
        """
        read_at = seconds(reading.read_at)
        with self._connection.transaction() as db:
            db.execute(
                """
                INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    total = excluded.total, received = excluded.received,
                    read_at = excluded.read_at, empty_at = coalesce(excluded.empty_at, empty_at)
                """,
                (
                    scope,
                    of.isoformat(),
                    reading.total,
                    reading.received,
                    read_at,
                    None if reading.total or source is Source.OAI else read_at,
                ),
            )

    def found_empty(self, of: date) -> datetime | None:
        """When arXiv last said that it has nothing of all that was submitted for a day."""
        stored = self._connection.value(
            "SELECT empty_at FROM reading WHERE scope = '' AND day = ?", (of.isoformat(),)
        )
        return None if stored is None else moment(stored)

    def first_seen(self, window: Window) -> date | None:
        """The earliest day on which a paper submitted in a window was seen; None without one."""
        stored = self._connection.value(
            "SELECT min(seen) FROM paper WHERE published >= ? AND published < ?", bounds(window)
        )
        return day(stored) if stored else None

    def put_off(self, of: date) -> None:
        """Note that arXiv announced nothing on a day of its schedule."""
        with self._connection.transaction() as db:
            db.execute("INSERT OR IGNORE INTO put_off VALUES (?)", (of.isoformat(),))

    def days_put_off(self) -> list[date]:
        """The days of the schedule on which arXiv announced nothing."""
        return [day(of) for (of,) in self._connection.rows("SELECT day FROM put_off ORDER BY day")]

    def readings(
        self, scope: str, first: date = date.min, last: date = date.max
    ) -> dict[date, Reading]:
        """The days of a range read in a scope or, better, in all of arXiv; ascending."""
        rows = self._connection.rows(
            """
            SELECT day, total, received, read_at FROM reading
            WHERE scope IN (?, '') AND day BETWEEN ? AND ? ORDER BY day, scope DESC
            """,
            (scope, first.isoformat(), last.isoformat()),
        )
        return {
            day(of): Reading(total, received, moment(read_at))
            for of, total, received, read_at in rows
        }

    def readings_in(self, scope: str) -> dict[date, Reading]:
        """The days read in exactly this scope; ascending."""
        rows = self._connection.rows(
            "SELECT day, total, received, read_at FROM reading WHERE scope = ? ORDER BY day",
            (scope,),
        )
        return {
            day(of): Reading(total, received, moment(read_at))
            for of, total, received, read_at in rows
        }

    def add_to_readings(self, scope: str, papers: Mapping[date, int]) -> None:
        """Note papers of days read in exactly this scope that came by another way."""
        with self._connection.transaction() as db:
            db.executemany(
                """
                UPDATE reading SET total = total + ?1, received = received + ?1
                WHERE scope = ?2 AND day = ?3
                """,
                [(number, scope, of.isoformat()) for of, number in papers.items()],
            )

    def last_found(self, scope: str) -> date | None:
        """The last day of which arXiv had papers when it was read in exactly this scope."""
        stored = self._connection.value(
            "SELECT max(day) FROM reading WHERE scope = ? AND total > 0", (scope,)
        )
        return day(stored) if stored else None

    def edges(self, first: date = date.min, last: date = date.max) -> dict[tuple[date, bool], Edge]:
        """The edges of a range of days that were read, by (day, newest)."""
        rows = self._connection.rows(
            "SELECT day, newest, papers, read_at FROM edge WHERE day BETWEEN ? AND ?",
            (first.isoformat(), last.isoformat()),
        )
        return {
            (day(of), bool(newest)): Edge(papers, moment(read_at))
            for of, newest, papers, read_at in rows
        }

    def add_listed(self, of: date, last: int | None, now: datetime) -> None:
        """Note what a list of a day's ids came to; one that was whole before stays."""
        with self._connection.transaction() as db:
            db.execute(
                """
                INSERT INTO listed VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    last = coalesce(excluded.last, last), asked_at = excluded.asked_at
                """,
                (of.isoformat(), last, seconds(now)),
            )

    def listed(self, of: date) -> Listed | None:
        """What the list of a day's ids came to; None if it was never read."""
        rows = self._connection.rows(
            "SELECT last, asked_at FROM listed WHERE day = ?", (of.isoformat(),)
        )
        return Listed(rows[0][0], moment(rows[0][1])) if rows else None

    def add_asked(
        self, scope: str, ids: Iterable[PaperId], now: datetime, settle_after: timedelta
    ) -> None:
        """Note ids that arXiv did not return; settled when first asked for so long ago."""
        with self._connection.transaction() as db:
            for paper in ids:
                db.execute(
                    """
                    INSERT INTO asked VALUES (:scope, :id, :sequence, :now, :now, :at_once)
                    ON CONFLICT DO UPDATE SET last = :now, settled = (:now - first >= :after)
                    """,
                    {
                        "scope": scope,
                        "id": str(paper),
                        "sequence": paper.sequence,
                        "now": seconds(now),
                        "after": settle_after.total_seconds(),
                        "at_once": int(not settle_after),
                    },
                )

    def forget_asked(self, scope: str, span: Span) -> None:
        """Let the ids of a stretch be asked for again in a scope."""
        with self._connection.transaction() as db:
            db.execute(
                "DELETE FROM asked WHERE scope = ? AND sequence > ? AND sequence <= ?",
                (scope, span.after, span.last),
            )

    def asked(self, scope: str, low: int, high: int) -> dict[str, Asked]:
        """The ids in a stretch of the sequence that arXiv did not return, and when."""
        rows = self._connection.rows(
            """
            SELECT id, first, last, settled FROM asked
            WHERE sequence BETWEEN ? AND ? AND scope IN (?, '')
            """,
            (low, high, scope),
        )
        return {
            paper: Asked(moment(first), moment(last), bool(settled))
            for paper, first, last, settled in rows
        }
