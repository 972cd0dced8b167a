"""Summaries of papers by language models, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from digest.archive.connection import Connection, seconds
from digest.model import Summary

#: SQLite takes so many values in one statement everywhere.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Spent:
    """What was asked of language models on one UTC day: papers, and tokens in both directions."""

    papers: int = 0
    tokens: int = 0


class Summaries:
    """The summaries of an archive.

    A summary belongs to a version of a paper and to a topic. `recipe` names what it was asked
    with: equal for equal prompts, models, languages and forms of answer.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, papers: Sequence[tuple[str, int]]) -> dict[tuple[str, int], tuple[Summary, ...]]:
        """The summaries of versions of papers, by base id and version; of each topic the newest."""
        found: dict[tuple[str, int], dict[str, Summary]] = {}
        wanted = set(papers)
        for rows in self._chunks("paper, version, topic, tldr, why, relevance, model", papers):
            for paper, version, topic, tldr, why, relevance, model in rows:
                if (paper, version) in wanted:
                    summary = Summary(topic, tldr, why, relevance, model)
                    found.setdefault((paper, version), {})[topic] = summary
        return {each: tuple(by_topic.values()) for each, by_topic in found.items()}

    def name(self, papers: Iterable[str]) -> str:
        """Names the summaries of papers, given by base id: another name once there are others."""
        found = [0, 0]
        for rows in self._chunks("asked_at", [(paper, 0) for paper in papers]):
            for (asked_at,) in rows:
                found = [found[0] + 1, max(found[1], asked_at)]
        return f"{found[0]} {found[1]}"

    def asked(self, papers: Sequence[tuple[str, int]]) -> dict[tuple[str, int, str], set[str]]:
        """The recipes of the summaries of versions of papers, by id, version and topic."""
        found: dict[tuple[str, int, str], set[str]] = {}
        for rows in self._chunks("paper, version, topic, recipe", papers):
            for paper, version, topic, recipe in rows:
                found.setdefault((paper, version, topic), set()).add(recipe)
        return found

    def add(
        self,
        paper: tuple[str, int],
        recipe: str,
        summary: Summary,
        tokens: int,
        now: datetime,
    ) -> None:
        """Keep a summary with the tokens that it took, and count them."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO summary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *paper,
                    summary.topic,
                    recipe,
                    summary.tldr,
                    summary.why,
                    summary.relevance,
                    summary.model,
                    tokens,
                    seconds(now),
                ),
            )
            db.execute(_SPEND, (_day(now), 1, tokens))

    def spend(self, tokens: int, now: datetime) -> None:
        """Count the tokens of an answer that was of no use."""
        with self._connection.transaction() as db:
            db.execute(_SPEND, (_day(now), 1, tokens))

    def spent(self, now: datetime) -> Spent:
        """What was asked on a moment's day."""
        rows = self._connection.rows(
            "SELECT papers, tokens FROM llm_day WHERE day = ?", (_day(now),)
        )
        return Spent(*rows[0]) if rows else Spent()

    def spent_since(self, first: date) -> Spent:
        """What was asked from a day on."""
        rows = self._connection.rows(
            "SELECT coalesce(sum(papers), 0), coalesce(sum(tokens), 0) FROM llm_day WHERE day >= ?",
            (first.isoformat(),),
        )
        return Spent(*rows[0])

    def form(self, endpoint: str) -> int | None:
        """The form of answers that an endpoint can give, as it was noted; None if it was not."""
        found = self._connection.value(
            "SELECT value FROM mark WHERE name = ?", (f"llm {endpoint}",)
        )
        return None if found is None else int(found)

    def note_form(self, endpoint: str, form: int) -> None:
        """Note which form of answers an endpoint can give."""
        with self._connection.transaction() as db:
            db.execute("INSERT OR REPLACE INTO mark VALUES (?, ?)", (f"llm {endpoint}", form))

    def failing_since(self) -> datetime | None:
        """When the first of the latest failed attempts was; None if the last one worked."""
        found = self._connection.value("SELECT value FROM mark WHERE name = 'llm failing since'")
        return datetime.fromtimestamp(found, UTC) if found else None

    def note_failing(self, now: datetime | None) -> None:
        """Note that summaries fail since a moment, unless they did before; None: they work."""
        with self._connection.transaction() as db:
            if now is None:
                db.execute("DELETE FROM mark WHERE name = 'llm failing since'")
            else:
                db.execute(
                    "INSERT OR IGNORE INTO mark VALUES ('llm failing since', ?)", (seconds(now),)
                )

    def _chunks(self, columns: str, papers: Sequence[tuple[str, int]]) -> Iterable[list[Any]]:
        ids = sorted({paper for paper, _ in papers})
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            yield self._connection.rows(
                f"SELECT {columns} FROM summary WHERE paper IN ({marks}) ORDER BY asked_at, recipe",
                some,
            )


_SPEND = """
    INSERT INTO llm_day VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET papers = papers + excluded.papers, tokens = tokens + excluded.tokens
"""


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
