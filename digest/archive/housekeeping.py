"""What is done for the texts of many versions at once, now and then: learn, pack, index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from digest.archive.content import Content, dictionary_of, learn
from digest.archive.transactions import Database

#: So many new versions are indexed together, some days' worth: quicker, and a smaller index.
MANY = 5_000

_WORD = re.compile(rb"[a-z0-9]+")


def tidy(db: Database) -> bool:
    """Within a transaction, after versions were stored; does nothing until they are many.

    Returns whether a dictionary was made, which whoever packs has to look up then.
    """
    (waiting,) = db.execute(
        "SELECT coalesce(max(number), 0) - (SELECT number FROM indexed) FROM version"
    ).fetchone()
    if waiting < MANY:
        return False
    learns = dictionary_of(db) is None
    if learns:
        learn(db)
    index_more(db, Content(lambda: dictionary_of(db)))
    return learns


def index_more(db: Database, content: Content) -> None:
    """Bring the index up to date, within a transaction."""
    (done,) = db.execute("SELECT number FROM indexed").fetchone()
    rows = db.execute("SELECT number, content FROM version WHERE number > ?", (done,))
    every: set[str] = set()
    db.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", _spelled(rows, content, every))
    db.executemany("INSERT OR IGNORE INTO word VALUES (?)", ((word,) for word in sorted(every)))
    db.execute("UPDATE indexed SET number = (SELECT coalesce(max(number), 0) FROM version)")


def _spelled(
    rows: Iterable[tuple[int, bytes]], content: Content, every: set[str]
) -> Iterator[tuple[int, str]]:
    for number, packed in rows:
        title, abstract = content.unpack(packed)[:2]
        words = {word.decode() for word in _WORD.findall(f"{title}\n{abstract}".encode().lower())}
        every |= words
        yield number, " ".join(words)
