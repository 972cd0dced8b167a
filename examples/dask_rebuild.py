"""The digests of many workspaces from the archive's table, on several processes, by Dask.

    digest archive export papers.parquet
    python examples/dask_rebuild.py papers.parquet --first 2026-10-01 --last 2026-10-30 \\
        WORKSPACE... OUTPUT

OUTPUT/NAME gets the digests of the workspace in the folder NAME, the same bytes that `digest
rebuild` writes. Of a workspace only `config/` and the template are read: one machine keeps the
archive, and there may be any number of workspaces without one.

    papers.parquet ──a month──▶ works by day ──a digest──▶ shown → assemble → render ──▶ file
                      worker                      worker                                here

A month is one task for all workspaces: its rows are read once, and Parquet skips the others. For a
cluster of many machines replace `LocalCluster`, and lay the table and the workspaces where all of
them can read them.

A table tells less than an archive:

- It does not say which days are complete. Ask for days that `digest status` calls so; of any other
  there is what the table has, and no file without a paper.
- Each digest holds the days since the digest day before, also where `digest run --since` or other
  digest days in the past have made one of other days.
- Papers of imported digests are known to the archive alone: here they come again.
- Papers stand newest first, whatever `order` says: stars are known by the archive.
- It has the versions that the archive's own digests needed. For daily digests export an archive
  that makes daily ones; weekly and monthly ones can be made from that, too.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from digest.archive.table import paper_of
from digest.config import load
from digest.fetcher.versions import shown
from digest.files import replace
from digest.matcher import Matcher
from digest.model import Paper, Period, Style, Topic
from digest.model.errors import DigestError, UsageError
from digest.writer.editions import assemble
from digest.writer.format.render import Renderer
from digest.writer.holdings import in_scope
from digest.writer.order import NewestFirst
from digest.writer.periods import DigestDays

try:
    from distributed import Client, LocalCluster, as_completed
    from pyarrow import ArrowException, parquet
except ImportError as missing:
    sys.exit(f"{missing}: python -m pip install pyarrow distributed")

WORKERS = 2


@dataclass(frozen=True)
class Reader:
    """What the digests of one workspace are made with. Small: every task gets it."""

    name: str
    topics: tuple[Topic, ...]
    style: Style
    categories: tuple[str, ...]
    days: DigestDays
    template: Path

    @classmethod
    def of(cls, workspace: Path) -> Reader:
        """The reader whose workspace is in a folder. Raises ConfigError and TemplateError."""
        config = load(workspace, os.environ)
        settings, scope = config.digest, config.arxiv.scope
        Renderer.of(settings.template)  # a mistake in it is to be told before the work begins
        return cls(
            workspace.resolve().name,
            config.topics,
            settings.style,
            scope if isinstance(scope, tuple) else (),
            DigestDays(settings.weekdays, month_end=settings.month_end),
            settings.template,
        )


@dataclass
class Work:
    """A paper in all versions of the table, with the day on which each was announced."""

    versions: dict[int, Paper] = field(default_factory=dict)
    announced: dict[int, date] = field(default_factory=dict)

    def shown(self, by: date) -> Paper:
        """The paper as a digest of this day shows it."""
        return self.versions[shown(self.announced, by)]


#: Works by the day on which they were announced.
Works = dict[date, list[Work]]


@dataclass(frozen=True)
class Made:
    """A digest, to be written."""

    reader: str
    day: date
    data: bytes


def digests(month: tuple[date, date], table: Path, readers: Sequence[Reader]) -> list[Made]:
    """One task: all digests named after the days from the first to the last of a month."""
    periods = {reader: reader.days.between(*month) for reader in readers}
    days = frozenset(day for some in periods.values() for period in some for day in period.days)
    if not days:
        return []
    works = read(table, Period(month[1], days))
    return [made for reader in readers for made in make(reader, periods[reader], works)]


def read(table: Path, span: Period) -> Works:
    """The works that were announced in a span of days."""
    days = [("first_announced", ">=", min(span.days)), ("first_announced", "<=", max(span.days))]
    works: dict[date, dict[str, Work]] = defaultdict(lambda: defaultdict(Work))
    for row in parquet.read_table(table, filters=days).to_pylist():
        paper = paper_of(row)
        work = works[row["first_announced"]][paper.id]
        work.versions[paper.version] = paper
        work.announced[paper.version] = row["announced"]
    return {day: list(found.values()) for day, found in works.items()}


def make(reader: Reader, periods: Sequence[Period], works: Works) -> Iterator[Made]:
    """The digests of some periods by the words, the style and the template of one reader."""
    matcher = Matcher(reader.topics, reader.style)
    renderer = Renderer.of(reader.template)
    for period in periods:
        papers = [
            work.shown(period.day)
            for day, announced in works.items()
            if period.holds(day)
            for work in announced
        ]
        if papers:
            kept = (
                (paper, match)
                for paper in papers
                if in_scope(paper, reader.categories) and (match := matcher.match(paper))
            )
            edition = assemble(period, kept, NewestFirst(), reader.style)
            yield Made(reader.name, period.day, renderer.render(edition.digest))


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from `first` to `last`, both included, month by month."""
    while first <= last:
        following = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
        yield first, min(last, following - timedelta(days=1))
        first = following


def rebuild(
    table: Path, readers: Sequence[Reader], output: Path, first: date, last: date
) -> Iterator[Path]:
    """Write the digests from `first` to `last`; tells each file that is there in the end.

    They come in no promised order. Raises WriteError, and what a task raises.
    """
    with (
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        tasks = client.map(digests, list(months(first, last)), table=table, readers=readers)
        for task in as_completed(tasks):
            for made in task.result():
                path = output / made.reader / f"{made.day}.md"
                replace(path, made.data)
                yield path
            task.release()


def checked(table: Path, readers: Sequence[Reader]) -> None:
    """Raises UsageError for a table that is none, and for workspaces that cannot be told apart."""
    try:
        columns = parquet.read_schema(table).names
    except (OSError, ArrowException) as error:
        raise UsageError(
            f"cannot read the table: {table}: {error}",
            hint="`digest archive export papers.parquet` writes one",
        ) from error
    if "first_announced" not in columns:
        raise UsageError(
            f"cannot read the table: {table}: it has no column first_announced",
            hint="export it anew with this version of digest",
        )
    if len({reader.name for reader in readers}) < len(readers):
        raise UsageError(
            "two workspaces have the same name",
            hint="their digests would be in one folder: rename one of them",
        )


def main() -> int:
    """Read the command line and make the digests; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("table", type=Path, help="what `digest archive export` wrote, as .parquet")
    parser.add_argument("workspaces", type=Path, nargs="+", metavar="workspace")
    parser.add_argument("output", type=Path, help="a folder, for one folder a workspace")
    for option in ("--first", "--last"):
        parser.add_argument(option, type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    given = parser.parse_args()
    if given.last < given.first:
        parser.error(f"{given.last} is before {given.first}")
    try:
        readers = [Reader.of(workspace) for workspace in given.workspaces]
        checked(given.table, readers)
        written = sum(
            1 for _ in rebuild(given.table, readers, given.output, given.first, given.last)
        )
    except DigestError as error:
        print(f"{error.message}\n{error.hint}".strip(), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped. The same command does it all again.", file=sys.stderr)
        return 130
    print(f"{written:,} digests in {given.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
