"""The papers: every version of every work, as arXiv told it last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from digest.archive.batches import forget_batches
from digest.archive.connection import Connection, Database, bounds, moment, seconds
from digest.model import Paper, PaperId, Source, Span, Window, base_of, sequence_of

#: SQLite takes far more values in one statement; this keeps statements short.
_MANY = 500

_Row = tuple[str | int | None, ...]


class Papers:
    """Works and their versions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def store(self, papers: Iterable[Paper], seen: date, source: Source = Source.QUERY) -> int:
        """Keep papers as arXiv tells them; returns how many works were not known before.

        `seen` is the last public announcement day. What is known already is left alone. Words of
        the query API are never replaced by those of OAI-PMH.
        """
        new: list[Paper] = []
        with self._connection.transaction() as db:
            (change,) = db.execute("SELECT coalesce(max(change), 0) + 1 FROM paper").fetchone()
            for paper in papers:
                row = _to_row(paper)
                known = db.execute(
                    "SELECT * FROM version WHERE paper = ? AND version = ?", row[:2]
                ).fetchone()
                if source is Source.QUERY:
                    db.execute("DELETE FROM by_oai WHERE paper = ? AND version = ?", row[:2])
                elif known is None:
                    db.execute("INSERT INTO by_oai VALUES (?, ?)", row[:2])
                elif not _is_by_oai(db, row[:2]):
                    continue
                if known == row:
                    continue
                is_new = db.execute(
                    """
                    INSERT INTO paper (id, sequence, published, seen, change)
                    VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                    (
                        paper.id,
                        sequence_of(paper.id),
                        seconds(paper.published),
                        seen.isoformat(),
                        change,
                    ),
                ).rowcount
                new += [paper] * is_new
                db.execute("UPDATE paper SET change = ? WHERE id = ?", (change, paper.id))
                db.execute(f"INSERT OR REPLACE INTO version VALUES ({_marks(row)})", row)
                db.execute(
                    "DELETE FROM asked WHERE id IN (?, ?)",
                    (paper.id, f"{paper.id}v{paper.version}"),
                )
            places = (sequence_of(paper.id) for paper in new)
            forget_batches(db, [place for place in places if place is not None])
        return len(new)

    def by_oai(self) -> list[PaperId]:
        """The versions that have the words of OAI-PMH, but for those arXiv long did not return."""
        rows = self._connection.rows(
            """
            SELECT paper, version FROM by_oai WHERE NOT EXISTS (
                SELECT 1 FROM asked WHERE id = paper || 'v' || version AND settled
            ) ORDER BY paper, version
            """
        )
        return [PaperId(paper, version) for paper, version in rows]

    def stored(self, ids: Sequence[str]) -> set[str]:
        """Those of the works that are stored."""
        return {
            paper
            for part in _parts(ids)
            for (paper,) in self._connection.rows(
                f"SELECT id FROM paper WHERE id IN ({_marks(part)})", part
            )
        }

    def versions(self, ids: Sequence[str]) -> Iterator[list[Paper]]:
        """All known versions of each of the given works that is stored, oldest first."""
        for part in _parts(ids):
            rows = self._connection.rows(
                f"""
                SELECT version.*, published FROM version JOIN paper ON paper.id = version.paper
                WHERE version.paper IN ({_marks(part)})
                ORDER BY version.paper, version.version
                """,
                part,
            )
            for _, versions in groupby(map(_from_row, rows), key=lambda paper: paper.id):
                yield list(versions)

    def works(self, size: int) -> Iterator[list[str]]:
        """The ids of all works, so many at a time; ascending, which puts old-style ids last."""
        last = ""
        while rows := self._connection.rows(
            "SELECT id FROM paper WHERE id > ? ORDER BY id LIMIT ?", (last, size)
        ):
            yield [paper for (paper,) in rows]
            (last,) = rows[-1]

    def abstracts(self, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The abstract of each known version of the given works, with the work's id."""
        for part in _parts(ids):
            yield from self._connection.rows(
                f"SELECT paper, abstract FROM version WHERE paper IN ({_marks(part)})", part
            )

    def holding(self, patterns: Sequence[str], span: Span, *, titles: bool) -> set[str]:
        """The works of a stretch of the id sequence with an abstract like one of the patterns.

        Works without a place in the sequence are looked at, too. With `titles`, the title may be
        like a pattern instead. Patterns are SQLite's: `%` stands for anything, `_` for one
        character, `\\` makes them plain; ASCII letters in any case.
        """
        if not patterns:
            return set()
        # From the first to the last row of the stretch in the order of the file: reading on is
        # much quicker than looking up every work.
        rows = self._connection.rows(
            "SELECT min(rowid), max(rowid) FROM version WHERE paper BETWEEN ? AND ?",
            (base_of(span.after + 1), base_of(span.last)),
        )
        columns = ("abstract", "title") if titles else ("abstract",)
        likes = " OR ".join(f"{name} LIKE ? ESCAPE '\\'" for name in columns for _ in patterns)
        found = [
            self._connection.rows(
                f"SELECT paper FROM version WHERE {where} AND ({likes})",
                (*bounds, *(pattern for _ in columns for pattern in patterns)),
            )
            # Old-style ids begin with a letter.
            for where, bounds in (("rowid BETWEEN ? AND ?", rows[0]), ("paper >= 'a'", ()))
        ]
        return {paper for rows in found for (paper,) in rows}

    def version_times(self, ids: Sequence[str]) -> dict[str, dict[int, datetime]]:
        """When each known version was submitted, for those of the works that were ever revised."""
        times: dict[str, dict[int, datetime]] = {}
        for part in _parts(ids):
            rows = self._connection.rows(
                f"""
                SELECT paper, version, updated FROM version WHERE paper IN (
                    SELECT paper FROM version WHERE paper IN ({_marks(part)}) AND version > 1
                )
                """,
                part,
            )
            for paper, version, updated in rows:
                times.setdefault(paper, {})[version] = moment(updated)
        return times

    def old_style(self, window: Window) -> list[str]:
        """The works without a place in the sequence that were submitted in a window."""
        rows = self._connection.rows(
            """
            SELECT id FROM paper
            WHERE sequence IS NULL AND published >= ? AND published < ? ORDER BY id
            """,
            bounds(window),
        )
        return [paper for (paper,) in rows]

    def count(self, window: Window | None = None) -> int:
        """How many works are stored; with a window, those arXiv counts in it (its end included)."""
        if window is None:
            return int(self._connection.value("SELECT count(*) FROM paper"))
        return int(
            self._connection.value(
                "SELECT count(*) FROM paper WHERE published BETWEEN ? AND ?", bounds(window)
            )
        )

    def changed_since(self, change: int) -> tuple[list[str], int]:
        """The works stored or altered since a change, in that order, and the last change."""
        rows = self._connection.rows(
            "SELECT id, change FROM paper WHERE change > ? ORDER BY change, id", (change,)
        )
        return [paper for paper, _ in rows], rows[-1][1] if rows else change


def _is_by_oai(db: Database, version: _Row) -> bool:
    """Whether a stored version has the words of OAI-PMH."""
    found = db.execute("SELECT 1 FROM by_oai WHERE paper = ? AND version = ?", version)
    return found.fetchone() is not None


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _MANY] for start in range(0, len(ids), _MANY))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _to_row(paper: Paper) -> _Row:
    return (
        paper.id,
        paper.version,
        seconds(paper.updated),
        paper.url,
        paper.title,
        paper.abstract,
        "\n".join(" ".join(name.split()) for name in paper.authors),
        " ".join(paper.categories),
        paper.comment,
        paper.doi,
        paper.journal_ref,
    )


def _from_row(row: tuple[Any, ...]) -> Paper:
    (work, version, updated, url, title, abstract, authors, categories, *more, published) = row
    comment, doi, journal_ref = more
    return Paper(
        id=work,
        version=version,
        url=url,
        title=title,
        abstract=abstract,
        authors=tuple(authors.split("\n")) if authors else (),
        categories=tuple(categories.split()),
        published=moment(published),
        updated=moment(updated),
        comment=comment,
        doi=doi,
        journal_ref=journal_ref,
    )
