"""Papers as a table, for programs that analyse tables: JSON Lines or Parquet.

One row is one version of a paper; `docs/archive-table.md` describes the columns. Their names are a
promise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from digest.model import Paper
from digest.model.distribution import install_command
from digest.model.errors import UsageError

_Item = TypeVar("_Item")

#: A version of a paper, the day on which it was announced, and the one on which its paper was.
Announced = tuple[Paper, date, date]

#: Rows that are converted together, and how many such parts a row group of a Parquet file has.
#: Larger groups are quicker to read and take more memory to write.
_ROWS = 2_000
_PARTS = 10


def table_writer(path: Path) -> Callable[[Path, Iterable[Announced]], int]:
    """The writer of the format that a file's suffix names; it returns the rows written.

    Raises UsageError for another suffix, and if the format needs what is not installed.
    """
    ending = path.suffix.lower()
    if ending == ".jsonl":
        return _write_json_lines
    if ending == ".parquet":
        _import_pyarrow()
        return _write_parquet
    raise UsageError(
        f"cannot export: {path}: the suffix must be .jsonl or .parquet",
        hint="the suffix chooses the format: JSON Lines or Parquet",
    )


def row(paper: Paper, announced: date, first_announced: date) -> dict[str, object]:
    """The columns of a version, in order."""
    return {
        "id": paper.id,
        "version": paper.version,
        "published": paper.published,
        "updated": paper.updated,
        "announced": announced,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": paper.authors,
        "categories": paper.categories,
        "primary_category": paper.categories[0] if paper.categories else None,
        "comment": paper.comment,
        "doi": paper.doi,
        "journal_ref": paper.journal_ref,
        "url": paper.url,
        "first_announced": first_announced,
    }


def paper_of(columns: Mapping[str, Any]) -> Paper:
    """The version of a paper in a row that was read, its values in the types of `row` or as lists.

    Raises KeyError for a table that lacks a column.
    """
    values = {field.name: columns[field.name] for field in fields(Paper)}
    lists = {name: tuple(values[name]) for name in ("authors", "categories")}
    return Paper(**values | lists)


def _write_json_lines(path: Path, papers: Iterable[Announced]) -> int:
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for written, each in enumerate(papers, start=1):  # noqa: B007
            file.write(json_line(row(*each)))
    return written


def json_line(columns: dict[str, object]) -> str:
    """A row as a line of JSON Lines."""
    return _encode(columns) + "\n"


def text_of(value: object) -> str:
    """A moment as `2025-11-26T18:59:21Z`, a day as `2025-11-28`; TypeError for anything else."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)


_encode = json.JSONEncoder(ensure_ascii=False, default=text_of).encode


def _write_parquet(path: Path, papers: Iterable[Announced]) -> int:
    arrow, parquet = _import_pyarrow()
    text, texts = arrow.string(), arrow.list_(arrow.field("element", arrow.string(), False))
    moment = arrow.timestamp("ms", tz="UTC")
    types = {
        "id": text,
        "version": arrow.int32(),
        "published": moment,
        "updated": moment,
        "announced": arrow.date32(),
        "title": text,
        "abstract": text,
        "authors": texts,
        "categories": texts,
        "primary_category": text,
        "comment": text,
        "doi": text,
        "journal_ref": text,
        "url": text,
        "first_announced": arrow.date32(),
    }
    can_be_null = {"primary_category", "comment", "doi", "journal_ref"}
    schema = arrow.schema(
        [arrow.field(name, kind, name in can_be_null) for name, kind in types.items()]
    )
    written = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as file:
        for group in _in_parts(_batches(arrow, schema, papers), _PARTS):
            table = arrow.Table.from_batches(group)
            file.write_table(table)
            written += table.num_rows
    return written


def _batches(arrow: Any, schema: Any, papers: Iterable[Announced]) -> Iterator[Any]:
    for part in _in_parts((row(*each) for each in papers), _ROWS):
        yield arrow.RecordBatch.from_pylist(part, schema=schema)


def _in_parts(items: Iterator[_Item], size: int) -> Iterator[list[_Item]]:
    while part := list(islice(items, size)):
        yield part


def _import_pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            f"cannot export to Parquet: {error}",
            hint=f"{install_command('parquet')}; or export to .jsonl",
        ) from error
    return pyarrow, pyarrow.parquet
