"""The tables of summaries by language models."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.archive.transactions import Database

_TABLES = """
-- What a language model wrote of a version of a paper for one topic.
CREATE TABLE summary (
    paper     TEXT NOT NULL,
    version   INTEGER NOT NULL,
    topic     TEXT NOT NULL,
    recipe    TEXT NOT NULL,      -- names prompt, model, language and form of answer
    tldr      TEXT NOT NULL,
    why       TEXT NOT NULL,
    relevance REAL NOT NULL,      -- 0 to 10
    model     TEXT NOT NULL,
    tokens    INTEGER NOT NULL,   -- of question and answer
    asked_at  INTEGER NOT NULL,
    PRIMARY KEY (paper, version, topic, recipe)
) WITHOUT ROWID;

-- What was asked of language models on a UTC day, answers of no use included.
CREATE TABLE llm_day (
    day    TEXT PRIMARY KEY,
    papers INTEGER NOT NULL,
    tokens INTEGER NOT NULL
) WITHOUT ROWID;
"""


def keep_summaries(db: Database) -> None:
    """The migration that makes them, within a transaction."""
    for statement in _TABLES.split(";\n"):
        db.execute(statement)
