"""The imports: papers of digests made elsewhere, as their files have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from digest.archive.connection import Connection, day
from digest.archive.ledger import DigestRecord, settle
from digest.model import PaperId

#: SQLite takes far more values in one statement; this keeps statements short.
_MANY = 500


@dataclass(frozen=True, slots=True)
class ImportedPaper:
    """A paper as a digest has it: a title without colons, a date without a time, no categories.

    `day` is that of the digest, `published` that of the first version; `abstract` has no badges.
    """

    id: PaperId
    day: date
    published: date
    url: str
    title: str
    abstract: str
    authors: tuple[str, ...]


class Imports:
    """Papers of digests made elsewhere.

    They are not works of the archive before a fetch brings them: they have no time and no
    categories, and could not stand in a walk of the id sequence.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, papers: Iterable[ImportedPaper], record: DigestRecord | None, now: datetime
    ) -> None:
        """Keep papers of a digest that were in none imported before.

        With a record, the digest counts as made from now on.
        """
        with self._connection.transaction() as db:
            db.executemany(
                "INSERT INTO imported VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                map(_to_row, papers),
            )
            if record:
                settle(db, record, now)

    def days(self, ids: Sequence[str]) -> dict[str, date]:
        """In the imported digest of which day each of these works was, for those that were."""
        found: dict[str, date] = {}
        for start in range(0, len(ids), _MANY):
            part = ids[start : start + _MANY]
            marks = ", ".join("?" * len(part))
            rows = self._connection.rows(
                f"SELECT id, day FROM imported WHERE id IN ({marks})", part
            )
            found |= {paper: day(of) for paper, of in rows}
        return found

    def count(self) -> tuple[int, int]:
        """How many papers were imported, and how many of them a fetch has completed since."""
        ((papers, completed),) = self._connection.rows(
            """
            SELECT count(*), count(paper.id)
            FROM imported LEFT JOIN paper ON paper.id = imported.id
            """
        )
        return papers, completed


def _to_row(paper: ImportedPaper) -> tuple[str | int | None, ...]:
    return (
        paper.id.base,
        paper.id.version,
        paper.day.isoformat(),
        paper.published.isoformat(),
        paper.url,
        paper.title,
        paper.abstract,
        "\n".join(" ".join(name.split()) for name in paper.authors),
    )
