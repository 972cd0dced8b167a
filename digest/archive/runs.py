"""The record of runs: each one from its start, so that one that is killed leaves a trace."""

from __future__ import annotations

from datetime import datetime

from digest.archive.connection import Connection, moment, seconds
from digest.model import Outcome, Run

#: How many runs are kept; three years of a morning and an evening run.
RUNS_KEPT = 1_000

_COLUMNS = (
    "number, command, started, ended, requests, papers, digests, outcome, problem, version, "
    "configuration"
)


class Runs:
    """What runs there were. Only who holds the workspace's lock begins and ends one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, command: str, now: datetime, version: str, configuration: str) -> int:
        """Note that a run starts; returns its number. Forgets all but the last RUNS_KEPT.

        Runs that did not end were broken off: two at a time there are none.
        """
        with self._connection.transaction() as db:
            db.execute(
                "UPDATE run SET outcome = ? WHERE outcome = ?",
                (Outcome.BROKEN_OFF, Outcome.RUNNING),
            )
            number = (
                db.execute(
                    """
                INSERT INTO run (command, started, outcome, version, configuration)
                VALUES (?, ?, ?, ?, ?)
                """,
                    (command, seconds(now), Outcome.RUNNING, version, configuration),
                ).lastrowid
                or 0
            )
            db.execute("DELETE FROM run WHERE number <= ?", (number - RUNS_KEPT,))
        return number

    def end(
        self,
        number: int,
        now: datetime,
        outcome: Outcome,
        problem: str = "",
        *,
        requests: int = 0,
        papers: int = 0,
        digests: int = 0,
    ) -> None:
        """Note how a run ended and what it cost."""
        with self._connection.transaction() as db:
            db.execute(
                """
                UPDATE run SET ended = ?, outcome = ?, problem = ?,
                    requests = ?, papers = ?, digests = ?
                WHERE number = ?
                """,
                (seconds(now), outcome, problem, requests, papers, digests, number),
            )

    def forget(self, number: int) -> None:
        """Remove a run that turned out not to be one."""
        with self._connection.transaction() as db:
            db.execute("DELETE FROM run WHERE number = ?", (number,))

    def query_failing(self) -> datetime | None:
        """Since when the query API has not answered; None if it did the last time."""
        since = self._connection.value("SELECT value FROM mark WHERE name = 'query_failing'")
        return None if since is None else moment(since)

    def note_query(self, failed_at: datetime | None) -> None:
        """Note that the query API has failed at a moment; with None, that it has answered."""
        with self._connection.transaction() as db:
            if failed_at is None:
                db.execute("DELETE FROM mark WHERE name = 'query_failing'")
            else:
                db.execute(
                    "INSERT OR IGNORE INTO mark VALUES ('query_failing', ?)", (seconds(failed_at),)
                )

    def latest(self, limit: int | None = None) -> list[Run]:
        """The last runs, newest first; all that are kept if None."""
        rows = self._connection.rows(
            f"SELECT {_COLUMNS} FROM run ORDER BY number DESC LIMIT ?",
            (RUNS_KEPT if limit is None else limit,),
        )
        return [
            Run(
                number,
                command,
                started=moment(started),
                ended=None if ended is None else moment(ended),
                requests=requests,
                papers=papers,
                digests=digests,
                outcome=Outcome(outcome),
                problem=problem,
                version=version,
                configuration=made_with,
            )
            for (
                number,
                command,
                started,
                ended,
                requests,
                papers,
                digests,
                outcome,
                problem,
                version,
                made_with,
            ) in rows
        ]
