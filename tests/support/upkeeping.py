"""A workspace of a few daily runs, to look after its archive in tests."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from desk import Desk, morning

from digest.fetcher.calendar import Calendar
from digest.simulator import Corpus

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 7))
CORPUS = Corpus.generate(
    seed=4, first=date(2025, 2, 10), last=date(2025, 3, 14), per_day=30, revised=0.2
)
TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["model", "we "]\n'


def make(folder: Path) -> Path:
    """A workspace in which a run was made on each of DAYS."""
    desk = Desk(folder, CORPUS, topics=TOPICS)
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    list(desk.app.rebuild(None, None, diff=False))  # keeps all of what it has walked
    return folder


def copied(made: Path, folder: Path, **environ: str) -> Desk:
    """The same workspace in another folder, on the morning of the last run."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    desk = Desk(folder, CORPUS, environ=environ)
    desk.now = morning(DAYS[-1])
    return desk


def execute(archive: Path, script: str) -> None:
    """Change an archive behind the program's back."""
    with closing(sqlite3.connect(archive)) as db:
        db.executescript(script)


def content(archive: Path) -> list[str]:
    """Every table and every row of an archive; equal for archives that hold the same."""
    with closing(sqlite3.connect(archive)) as db:
        schema = db.execute("SELECT name, type, sql FROM sqlite_master ORDER BY name").fetchall()
        rows = [
            f"{name}: {row}"
            for name, kind, sql in schema
            # The rows of a virtual table are in tables of its own.
            if kind == "table" and not sql.startswith("CREATE VIRTUAL")
            for row in db.execute(f'SELECT * FROM "{name}"')
        ]
        return [f"{name}: {sql}" for name, _, sql in schema] + rows
