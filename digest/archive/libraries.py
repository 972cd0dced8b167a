"""Libraries that digests were ordered by, what libraries elsewhere had last, and vectors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zlib import compress, decompress

from digest.archive.connection import Connection, moment, seconds

#: SQLite takes so many values in one statement everywhere.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a library elsewhere had when it was read last; `version` is its own number."""

    version: int
    read_at: datetime
    papers: tuple[str, ...]


class Libraries:
    """The libraries of an archive. A paper is a text of whoever keeps it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has(self, name: str) -> bool:
        """Whether a library is kept."""
        return bool(self._connection.value("SELECT 1 FROM library WHERE name = ?", (name,)))

    def keep(self, name: str, papers: Sequence[str]) -> None:
        """Keep a library, and forget those that no digest was ordered by.

        Papers that libraries share are stored once.
        """
        hashes = [sha256(paper.encode("utf-8", "surrogatepass")).digest() for paper in papers]
        with self._connection.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO library_paper (hash, content) VALUES (?, ?)",
                ((of, _packed(paper)) for of, paper in zip(hashes, papers, strict=True)),
            )
            numbers = [
                db.execute("SELECT number FROM library_paper WHERE hash = ?", (of,)).fetchone()[0]
                for of in hashes
            ]
            db.execute(
                """
                DELETE FROM library
                WHERE name NOT IN (SELECT substr(ordered_by, 1, length(name)) FROM digest)
                """
            )
            db.execute(
                "INSERT OR REPLACE INTO library VALUES (?, ?)", (name, _packed(json.dumps(numbers)))
            )

    def papers(self, name: str) -> list[str] | None:
        """The papers of a library in their order; None if it is not kept."""
        packed = self._connection.value("SELECT papers FROM library WHERE name = ?", (name,))
        if packed is None:
            return None
        numbers: list[int] = json.loads(_unpacked(packed))
        found: dict[int, str] = {}
        for first in range(0, len(numbers), _AT_ONCE):
            some = numbers[first : first + _AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._connection.rows(
                f"SELECT number, content FROM library_paper WHERE number IN ({marks})", tuple(some)
            )
            found |= {number: _unpacked(content) for number, content in rows}
        return [found[number] for number in numbers]

    def snapshot(self, source: str) -> Snapshot | None:
        """What a library elsewhere had last; None if it was never read."""
        rows = self._connection.rows(
            "SELECT version, read_at, papers FROM library_source WHERE source = ?", (source,)
        )
        for version, read_at, papers in rows:
            return Snapshot(version, moment(read_at), tuple(json.loads(_unpacked(papers))))
        return None

    def keep_snapshot(
        self, source: str, version: int, papers: Iterable[str], now: datetime
    ) -> None:
        """Keep what a library elsewhere has."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO library_source VALUES (?, ?, ?, ?)",
                (source, version, seconds(now), _packed(json.dumps(list(papers)))),
            )

    def vectors(self, model: str, texts: Iterable[str]) -> dict[str, bytes]:
        """The vectors of a model for texts, by their hashes: half-precision numbers."""
        wanted = list(texts)
        found: dict[str, bytes] = {}
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            marks = ",".join("?" * len(some))
            found |= dict(
                self._connection.rows(
                    f"SELECT text, data FROM vector WHERE model = ? AND text IN ({marks})",
                    (model, *some),
                )
            )
        return found

    def keep_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors; the first one of a text stays."""
        with self._connection.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO vector VALUES (?, ?, ?)",
                ((model, text, data) for text, data in vectors.items()),
            )

    def added(self, target: str) -> frozenset[str]:
        """The papers that were added to a library elsewhere, by base id."""
        rows = self._connection.rows("SELECT paper FROM added_to WHERE target = ?", (target,))
        return frozenset(paper for (paper,) in rows)

    def note_added(self, target: str, papers: Iterable[str]) -> None:
        """Note papers as added to a library elsewhere."""
        with self._connection.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO added_to VALUES (?, ?)",
                ((target, paper) for paper in papers),
            )


def _packed(text: str) -> bytes:
    return compress(text.encode("utf-8", "surrogatepass"))


def _unpacked(data: bytes) -> str:
    return decompress(data).decode("utf-8", "surrogatepass")
