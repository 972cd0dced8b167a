"""A transaction is all or nothing, whatever the moment at which a signal's exception comes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from digest.archive import Archive
from digest.archive.schema import MIGRATIONS, migrate
from digest.archive.transactions import snapshot, transaction

TABLES = "SELECT name FROM sqlite_master ORDER BY name"


class Interrupted(sqlite3.Connection):
    """Ctrl-C comes right behind the statement of this number, counted from 0, or never."""

    number = -1

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        found = super().execute(sql, values)
        self.number -= 1
        if self.number == -1:
            raise KeyboardInterrupt
        return found


def interrupted(path: Path | str, number: int) -> Interrupted:
    db = sqlite3.connect(path, isolation_level=None, factory=Interrupted)
    db.number = number
    return db


def tries(action: Callable[[], None]) -> bool:
    """Whether Ctrl-C came, and nothing else."""
    try:
        action()
    except KeyboardInterrupt:
        return True
    return False


def tables(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(TABLES).fetchall()


def test_ctrl_c_while_the_archive_is_made_is_nothing_else_and_leaves_all_of_it_or_nothing(
    tmp_path: Path,
) -> None:
    Archive(tmp_path / "whole").close()
    whole = tables(tmp_path / "whole")
    for number in count():
        path = tmp_path / f"{number}.sqlite3"
        with closing(interrupted(path, number)) as db:
            was_interrupted = tries(partial(migrate, db, "the archive"))
            assert not db.in_transaction
        assert tables(path) in ([], whole)
        if not was_interrupted:
            break
    assert number > 2 * len(MIGRATIONS)


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("kind", [transaction, snapshot])
def test_no_transaction_stays_open_whatever_statement_ctrl_c_comes_behind(
    kind: Callable[[sqlite3.Connection], AbstractContextManager[None]], number: int
) -> None:
    def write() -> None:
        with kind(db):
            db.execute("INSERT INTO one VALUES (1)")

    with closing(interrupted(":memory:", -1)) as db:
        db.execute("CREATE TABLE one (x)")
        db.number = number
        assert tries(write) is (number < 3)
        db.number = -1
        assert not db.in_transaction
        stored = db.execute("SELECT count(*) FROM one").fetchone()
    assert stored == (1 if kind is transaction and number > 1 else 0,)
