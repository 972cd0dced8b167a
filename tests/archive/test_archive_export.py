"""`digest archive export`: the archive as a table, whole and in types that others understand."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest
from asking import invented
from desk import Desk
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT
from upkeeping import DAYS, copied, execute

from digest.archive import Archive
from digest.archive.table import paper_of, row, table_writer
from digest.cli import exit_code
from digest.fetcher.announcements import Announcements
from digest.fetcher.calendar import Calendar
from digest.model import Paper, Period
from digest.model.errors import UsageError

FORMATS = ["papers.jsonl", "papers.parquet"]
PAGE = (ROOT / "docs/archive-table.md").read_text(encoding="utf-8")


@pytest.fixture
def desk(workspace_with_runs: Path, tmp_path: Path) -> Desk:
    return copied(workspace_with_runs, tmp_path / "desk")


def read(path: Path) -> list[dict[str, Any]]:
    """A table's rows in Python's types, whichever its format."""
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
        return rows
    with path.open(encoding="utf-8") as file:
        return [_typed(json.loads(line)) for line in file]


def _typed(columns: dict[str, Any]) -> dict[str, Any]:
    for name in ("published", "updated"):
        columns[name] = datetime.strptime(columns[name], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    for name in ("announced", "first_announced"):
        columns[name] = date.fromisoformat(columns[name])
    return columns


def exported(desk: Desk, name: str) -> list[dict[str, Any]]:
    target = desk.folder / name
    desk.app.upkeep().export(target)
    return read(target)


def stored(desk: Desk) -> Iterator[Paper]:
    """Every version in the archive, in the order of ids and versions."""
    with Archive(desk.config.digest.archive) as archive:
        for ids in archive.papers.works(1000):
            for versions in archive.papers.versions(ids):
                yield from versions


def plain(columns: dict[str, object]) -> dict[str, object]:
    """A row with lists where it has tuples, as tables give it back."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in columns.items()
    }


@pytest.mark.parametrize("name", FORMATS)
def test_a_table_is_the_archive(desk: Desk, name: str) -> None:
    rows = exported(desk, name)

    papers = list(stored(desk))
    assert rows == [
        plain(row(paper, columns["announced"], columns["first_announced"]))
        for paper, columns in zip(papers, rows, strict=True)
    ]
    assert len({columns["id"] for columns in rows}) == desk.status().papers
    assert {columns["version"] for columns in rows} >= {1, 2}


def test_a_paper_was_announced_on_the_day_of_its_digest(desk: Desk) -> None:
    first: dict[str, dict[str, Any]] = {}
    for columns in exported(desk, "papers.jsonl"):
        first.setdefault(columns["id"], columns)
    calendar = Calendar()

    for day in DAYS:
        period = Period.of(day)
        with Archive(desk.config.digest.archive) as archive:
            ids = Announcements(archive, calendar, "").ids(period)
        assert ids
        assert sorted(ids) == [
            paper for paper, row in first.items() if row["first_announced"] == day
        ]
    assert all(row["announced"] == row["first_announced"] for row in first.values())
    days = [(row["announced"], calendar.day_of(row["published"])) for row in first.values()]
    assert any(announced != scheduled for announced, scheduled in days)  # some were held


def test_a_later_version_has_its_own_day_and_not_one_before_the_paper(desk: Desk) -> None:
    calendar = Calendar()
    days: dict[str, list[date]] = {}
    for columns in exported(desk, "papers.jsonl"):
        days.setdefault(columns["id"], [columns["first_announced"]]).append(columns["announced"])
        if columns["version"] > 1:
            assert columns["announced"] in (
                calendar.day_of(columns["updated"]),
                days[columns["id"]][0],
            )
    assert all(ascending == sorted(ascending) for ascending in days.values())


def test_ids_without_a_place_in_the_sequence_go_by_the_schedule(desk: Desk) -> None:
    old = invented("hep-th/9901001", datetime(1999, 1, 4, 12, tzinfo=UTC))
    with Archive(desk.config.digest.archive) as archive:
        archive.papers.store([old], DAYS[-1])
    last = exported(desk, "papers.jsonl")[-1]
    assert (last["id"], last["announced"]) == ("hep-th/9901001", date(1999, 1, 5))


def test_a_paper_without_its_first_version_has_the_day_of_its_digest(desk: Desk) -> None:
    days = {row["id"]: row["first_announced"] for row in exported(desk, "papers.jsonl")}
    paper = next(paper for paper in stored(desk) if days[paper.id] in DAYS)
    later = replace(paper, version=2, updated=paper.updated + timedelta(days=150))
    archive = desk.config.digest.archive
    with Archive(archive) as opened:
        opened.papers.store([later], DAYS[-1])
    execute(archive, f"DELETE FROM version WHERE version = 1 AND paper = '{paper.id}'")

    rows = [row for row in exported(desk, "papers.jsonl") if row["id"] == paper.id]
    assert [row["version"] for row in rows] == [2]
    assert rows[0]["first_announced"] == days[paper.id] < rows[0]["announced"]


def test_works_come_in_parts_and_each_once(desk: Desk) -> None:
    with Archive(desk.config.digest.archive) as archive:
        parts = list(archive.papers.works(7))
        assert [paper for part in parts for paper in part] == sorted(
            {paper.id for paper in stored(desk)}
        )
    assert {len(part) for part in parts[:-1]} == {7}


def test_a_snapshot_does_not_see_what_is_stored_meanwhile(desk: Desk) -> None:
    path = desk.config.digest.archive
    new = invented("2503.09999", datetime(2025, 3, 6, tzinfo=UTC))
    with Archive(path) as reader, Archive(path, patience=0.0) as writer:
        with reader.snapshot():
            before = reader.papers.count()
            writer.papers.store([new], DAYS[-1])
            assert reader.papers.count() == before
        assert reader.papers.count() == before + 1


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_archive_is_an_empty_table(desk: Desk, name: str) -> None:
    desk.config.digest.archive.unlink()
    Archive(desk.config.digest.archive).close()
    assert desk.app.upkeep().export(desk.folder / name).rows == 0
    assert read(desk.folder / name) == []


def test_parquet_has_the_types_that_are_documented(desk: Desk) -> None:
    target = desk.folder / "papers.parquet"
    desk.app.upkeep().export(target)

    schema = parquet.read_schema(target)
    types = {field.name: str(field.type) for field in schema}
    types |= {field.name: "list<string>" for field in schema if arrow.types.is_list(field.type)}

    documented = re.findall(
        r"^\| `(\w+)` \| ([^|]+?)(?: or null)? \| ([^|]+?) \|", PAGE, re.MULTILINE
    )
    assert types == {name: kind for name, kind, _ in documented}
    can_be_null = set(re.findall(r"^\| `(\w+)` \| [^|]+ or null \|", PAGE, re.MULTILINE))
    assert {field.name for field in schema if field.nullable} == can_be_null
    group = parquet.ParquetFile(target).metadata.row_group(0)
    assert group.column(0).compression == "ZSTD"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
MOMENT = st.integers(0, 2**31).map(
    lambda seconds: datetime(1991, 8, 14, tzinfo=UTC) + timedelta(seconds=seconds)
)
DAY = st.dates(date(1991, 8, 14))
PAPER = st.builds(
    Paper,
    id=TEXT,
    version=st.integers(1, 99),
    url=TEXT,
    title=TEXT,
    abstract=TEXT,
    authors=st.lists(TEXT, max_size=3).map(tuple),
    categories=st.lists(TEXT, max_size=3).map(tuple),
    published=MOMENT,
    updated=MOMENT,
    comment=st.none() | TEXT,
    doi=st.none() | TEXT,
    journal_ref=st.none() | TEXT,
)


@pytest.mark.parametrize("name", FORMATS)
@given(rows=st.lists(st.tuples(PAPER, DAY, DAY), max_size=4))
@settings(max_examples=15, deadline=None)
def test_any_paper_reads_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, name: str, rows: list[tuple[Paper, date, date]]
) -> None:
    target = tmp_path_factory.getbasetemp() / name
    assert table_writer(target)(target, rows) == len(rows)
    assert read(target) == [plain(row(*each)) for each in rows]
    assert [paper_of(columns) for columns in read(target)] == [paper for paper, *_ in rows]


@pytest.mark.parametrize("name", ["papers.csv", "papers", "papers.jsonl.gz"])
def test_another_ending_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.jsonl or \.parquet"):
        desk.app.upkeep().export(desk.folder / name)
    assert not (desk.folder / name).exists()


def test_what_parquet_needs_is_named_with_its_command(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as if it were not installed
    target = desk.folder / "papers.parquet"
    assert exit_code(["-C", str(desk.folder), "archive", "export", str(target)]) == 2
    assert "python -m pip install pyarrow" in capsys.readouterr().err
    assert not target.exists()


def test_the_command_tells_how_many_rows(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    target = desk.folder / "tables" / "papers.jsonl"
    assert exit_code(["-C", str(desk.folder), "archive", "export", str(target)]) == 0
    told = f"{target}: {len(list(stored(desk)))} rows\n"
    assert capsys.readouterr() == (told, "")
    assert [path.name for path in target.parent.iterdir()] == ["papers.jsonl"]


def test_the_page_has_every_column_in_order() -> None:
    paper = invented("2503.00001", datetime(2025, 3, 3, tzinfo=UTC))
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(row(paper, DAYS[0], DAYS[0]))
