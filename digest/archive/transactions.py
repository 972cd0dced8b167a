"""Transactions: all or nothing, also where a signal's exception comes between any two steps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

#: What a transaction executes on.
Database = sqlite3.Connection


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what is executed inside."""
    # An exception may also come right behind a statement, when BEGIN or COMMIT is done already:
    # only the connection knows whether there is something to take back.
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    finally:
        _take_back(db)


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """All that is read inside is of one moment, also while another process writes."""
    try:
        db.execute("BEGIN")
        yield
    finally:
        _take_back(db)


def _take_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")
