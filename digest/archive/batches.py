"""What the walk found for the days of digests, kept so that it need not be walked again."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import date

from digest.archive.connection import Connection
from digest.archive.transactions import Database
from digest.model import Period, Span

#: Places of the id sequence as they are stored: unsigned, four bytes each.
PLACES = "I"

#: Beyond every place of the sequence.
_END = 2**62


class Batches:
    """The places of each digest's papers.

    Every batch names the stretch of the sequence that the walk saw. As soon as a place within it
    becomes known, it is what a walk found before, and no longer what one would find today.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, period: Period, rule: str) -> Sequence[int] | None:
        """The places of a period's papers by a rule of this name; None if not kept."""
        kept = self._connection.value(
            "SELECT places FROM batch WHERE day = ? AND days = ? AND calendar = ?",
            (period.day.isoformat(), _name(period), rule),
        )
        return None if kept is None else array(PLACES, kept)

    def before(self, period: Period) -> Sequence[int] | None:
        """The places kept last, whatever has become known since; None if none were."""
        kept = self._connection.value(
            "SELECT places FROM batch WHERE day = ? AND days = ?",
            (period.day.isoformat(), _name(period)),
        )
        return None if kept is None else array(PLACES, kept)

    def keep(self, period: Period, rule: str, walked: Span, places: Iterable[int]) -> None:
        """Keep what a walk has found; `walked` are the first and the last place that it saw.

        A walk that began at the first place known, or ended at the last, would also have seen
        whatever comes beyond; one that saw none would see any.
        """
        with self._connection.transaction() as db:
            db.execute(
                """
                INSERT OR REPLACE INTO batch SELECT :day, :days, :rule,
                    iif(EXISTS (SELECT 1 FROM paper WHERE sequence < :low), :low, 0),
                    iif(EXISTS (SELECT 1 FROM paper WHERE sequence > :high), :high, :end),
                    :places
                """,
                {
                    "day": period.day.isoformat(),
                    "days": _name(period),
                    "rule": rule,
                    "low": walked.after,
                    "high": walked.last,
                    "end": _END,
                    "places": array(PLACES, places).tobytes(),
                },
            )


def _name(period: Period) -> str:
    """Equal for equal sets of announcement days."""
    return " ".join(sorted(map(date.isoformat, period.days)))


def forget_batches(db: Database, places: Sequence[int]) -> None:
    """Note that the walk of some batches would see one of these places, which are new."""
    if places:
        db.execute(
            "UPDATE batch SET calendar = '' WHERE high >= ? AND low <= ?",
            (min(places), max(places)),
        )
