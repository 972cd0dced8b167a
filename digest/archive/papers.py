"""The papers: every version of every work, as arXiv gave it last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from digest.archive.batches import forget_batches
from digest.archive.connection import Connection, bounds, moment, seconds
from digest.archive.transactions import Database
from digest.model import Paper, PaperId, Source, Window, sequence_of

if TYPE_CHECKING:
    from digest.archive.content import Content

#: SQLite takes far more values in one statement; this keeps statements short.
_MANY = 500


class Papers:
    """Works and their versions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def _content(self) -> Content:
        # zstd is of no use to commands that look at no paper.
        from digest.archive.content import Content

        return Content(lambda: self._connection.value("SELECT data FROM dictionary"))

    def store(self, papers: Iterable[Paper], seen: date, source: Source = Source.QUERY) -> int:
        """Keep papers as arXiv gives them; returns how many works were not known before.

        `seen` is the last public announcement day. What is known already is left alone. Words of
        the query API are never replaced by those of OAI-PMH.
        """
        from digest.archive.housekeeping import tidy

        new: list[Paper] = []
        received: list[Paper] = []
        with self._connection.transaction() as db:
            (change,) = db.execute("SELECT coalesce(max(change), 0) + 1 FROM paper").fetchone()
            for paper in papers:
                if not self._tells_more(db, paper, source):
                    continue
                received.append(paper)
                new += [paper] * _add_work(db, paper, seen, change)
                db.execute(
                    """
                    INSERT OR REPLACE INTO version (paper, version, updated, content)
                    VALUES (?, ?, ?, ?)
                    """,
                    (*_key(paper), seconds(paper.updated), self._content.pack(_fields(paper))),
                )
            _forget_asked(db, received)
            places = (sequence_of(paper.id) for paper in new)
            forget_batches(db, [place for place in places if place is not None])
            if tidy(db):
                del self._content
        return len(new)

    def _tells_more(self, db: Database, paper: Paper, source: Source) -> bool:
        """Whether a version is to be stored; notes whose words it has then."""
        key = _key(paper)
        known = db.execute(
            "SELECT updated, content FROM version WHERE paper = ? AND version = ?", key
        ).fetchone()
        if source is Source.QUERY:
            db.execute("DELETE FROM by_oai WHERE paper = ? AND version = ?", key)
        elif known is None:
            db.execute("INSERT INTO by_oai VALUES (?, ?)", key)
        elif not _is_by_oai(db, key):
            return False
        if known is None:
            return True
        updated, packed = known
        return (updated, self._content.unpack(packed)) != (seconds(paper.updated), _fields(paper))

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
                SELECT version.paper, version, updated, content, published
                FROM version JOIN paper ON paper.id = version.paper
                WHERE version.paper IN ({_marks(part)})
                ORDER BY version.paper, version.version
                """,
                part,
            )
            for _, versions in groupby(map(self._paper, rows), key=lambda paper: paper.id):
                yield list(versions)

    def works(self, size: int) -> Iterator[list[str]]:
        """The ids of all works, so many at a time; ascending, which puts old-style ids last."""
        last = ""
        while rows := self._connection.rows(
            "SELECT id FROM paper WHERE id > ? ORDER BY id LIMIT ?", (last, size)
        ):
            yield [paper for (paper,) in rows]
            (last,) = rows[-1]

    def texts(self, ids: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
        """Each known version of some works: the work's id, title, abstract, authors one a line."""
        for part in _parts(ids):
            rows = self._connection.rows(
                f"SELECT paper, content FROM version WHERE paper IN ({_marks(part)})", part
            )
            for paper, packed in rows:
                yield paper, *self._content.title_abstract_authors(packed)

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

    def published(self, ids: Sequence[str]) -> list[datetime]:
        """When the first versions of these works were submitted, in no promised order."""
        return [
            moment(published)
            for part in _parts(ids)
            for (published,) in self._connection.rows(
                f"SELECT published FROM paper WHERE id IN ({_marks(part)})", part
            )
        ]

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

    def _paper(self, row: tuple[str, int, int, bytes, int]) -> Paper:
        work, version, updated, packed, published = row
        title, abstract, authors, categories, comment, doi, journal_ref, url = self._content.unpack(
            packed
        )
        return Paper(
            id=work,
            version=version,
            url=url or _usual_url(work, version),
            title=title or "",
            abstract=abstract or "",
            authors=tuple(authors.split("\n")) if authors else (),
            categories=tuple((categories or "").split()),
            published=moment(published),
            updated=moment(updated),
            comment=comment,
            doi=doi,
            journal_ref=journal_ref,
        )

    def changed_since(self, change: int) -> tuple[list[str], int]:
        """The works stored or altered since a change, in that order, and the last change."""
        rows = self._connection.rows(
            "SELECT id, change FROM paper WHERE change > ? ORDER BY change, id", (change,)
        )
        return [paper for paper, _ in rows], rows[-1][1] if rows else change


def _key(paper: Paper) -> tuple[str, int]:
    return paper.id, paper.version


def _add_work(db: Database, paper: Paper, seen: date, change: int) -> int:
    """Note a work and that it was changed; 1 if it was not known before, else 0."""
    row = (paper.id, sequence_of(paper.id), seconds(paper.published), seen.isoformat(), change)
    added = db.execute(
        """
        INSERT INTO paper (id, sequence, published, seen, change)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        row,
    ).rowcount
    if not added:
        db.execute("UPDATE paper SET change = ? WHERE id = ?", (change, paper.id))
    return added


def _forget_asked(db: Database, papers: Iterable[Paper]) -> None:
    """Papers that did not come when asked for, and have come now.

    All at once: it looks at every row.
    """
    ids = [name for paper in papers for name in (paper.id, f"{paper.id}v{paper.version}")]
    db.execute("DELETE FROM asked WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))


def _is_by_oai(db: Database, version: tuple[str, int]) -> bool:
    """Whether a stored version has the words of OAI-PMH."""
    found = db.execute("SELECT 1 FROM by_oai WHERE paper = ? AND version = ?", version)
    return found.fetchone() is not None


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _MANY] for start in range(0, len(ids), _MANY))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _fields(paper: Paper) -> list[str | None]:
    """The texts of a version, in the order in which they are packed."""
    return [
        paper.title,
        paper.abstract,
        "\n".join(" ".join(name.split()) for name in paper.authors),
        " ".join(paper.categories),
        paper.comment,
        paper.doi,
        paper.journal_ref,
        None if paper.url == _usual_url(paper.id, paper.version) else paper.url,
    ]


def _usual_url(work: str, version: int) -> str:
    """arXiv's entry id, as it has been for as long as there is an API."""
    return f"http://arxiv.org/abs/{work}v{version}"
