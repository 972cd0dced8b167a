"""What is done for the texts of many versions at once, now and then: learn, pack, index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.archive.content import Content, dictionary_of, learn
from digest.archive.words import MANY, index_more

if TYPE_CHECKING:
    from digest.archive.connection import Database


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
