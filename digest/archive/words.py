"""Which versions have which words: an index, so that a word need not be looked for in every text.

A word here is a run of ASCII letters and digits, in small letters; everything else stands between
words. Words are indexed, and not all parts of words, which would take more room than the texts.
What keywords find inside words is found by the list of all words, which is short.

The index leaves few texts to look at, and never decides: it is brought up to date some days at a
time, and what is not in it yet is always looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from digest.model import Span, WordPart, base_of

if TYPE_CHECKING:
    from digest.archive.connection import Connection

#: A part of a word that is in more words than this narrows little down.
_MOST_WORDS = 3_000

#: Old-style ids begin with a letter.
_IN_SPAN = "(paper BETWEEN :low AND :high OR paper >= 'a')"

#: What is looked for: the parts of one or more words, all of which a text must have.
Parts = Sequence[WordPart]


class Words:
    """Finds the works that may have certain words."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def works(self, wanted: Iterable[Parts], span: Span) -> set[str] | None:
        """The works of a stretch of the id sequence that may have one of what is wanted.

        Works without a place in the sequence are included. None if it is unknown.
        """
        queries = [self._query(parts) for parts in wanted]
        if not all(queries):
            return None
        bounds = {"low": base_of(span.after + 1), "high": base_of(span.last)}
        first = self._connection.value(
            f"SELECT coalesce(min(number), 0) FROM version WHERE {_IN_SPAN}", bounds
        )
        found = [
            self._connection.rows(
                f"""
                SELECT paper FROM words JOIN version ON version.number = words.rowid
                WHERE words MATCH :query AND words.rowid >= :first AND {_IN_SPAN}
                """,
                {**bounds, "query": query, "first": first},
            )
            for query in queries
        ]
        found.append(
            self._connection.rows(
                f"""
                SELECT paper FROM version
                WHERE number > (SELECT number FROM indexed) AND {_IN_SPAN}
                """,
                bounds,
            )
        )
        return {paper for rows in found for (paper,) in rows}

    def _query(self, parts: Parts) -> str:
        """A query of the index that every text with the parts satisfies; empty if none can be."""
        alternatives = [self._alternatives(part) for part in parts]
        return " AND ".join(f"({' OR '.join(words)})" for words in alternatives if words)

    def _alternatives(self, part: WordPart) -> list[str]:
        """The words with a part, as the index is asked for them; empty if they are too many."""
        if part.begins:
            return [f'"{part.text}"' if part.ends else f'"{part.text}" *']
        pattern = f"*{part.text}" if part.ends else f"*{part.text}*"
        rows = self._connection.rows(
            "SELECT text FROM word WHERE text GLOB ? LIMIT ?", (pattern, _MOST_WORDS + 1)
        )
        if len(rows) > _MOST_WORDS:
            return []
        return [f'"{word}"' for (word,) in rows] or [f'"{part.text}"']
