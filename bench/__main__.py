"""Measure everything, print the table, write docs/benchmarks.md."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from bench import effect, matching, ordinary_day, parsing, site, startup, year
from bench.corpus import corpus, follow
from bench.measure import ROOT, Row
from bench.table import lines, page

_PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Takes some minutes."""
    papers = corpus()
    with TemporaryDirectory() as folder:
        workspace = Path(folder, "workspace")
        follow(workspace, papers)
        day, cost = ordinary_day.measure(workspace, papers)
        rows = [
            day,
            *matching.measure(workspace, papers),
            *startup.measure(workspace),
            parsing.measure(papers),
            *_year(Path(folder, "year")),
            *site.measure(Path(folder, "site")),
        ]
    print("\n".join(lines(rows, cost)))
    _PAGE.write_text(page(rows, cost), encoding="utf-8")
    print(f"\nwritten: {_PAGE.relative_to(ROOT)}")


def _year(workspace: Path) -> list[Row]:
    papers = year.make(workspace)
    print(f"a year of {papers:,} papers is made")
    return effect.measure(workspace)


if __name__ == "__main__":
    main()
