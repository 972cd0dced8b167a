"""Measure everything, print the table, write docs/benchmarks.md."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from bench import matching, ordinary_day, parsing, startup
from bench.corpus import corpus, follow
from bench.measure import ROOT
from bench.table import lines, page

_PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Takes a minute or two."""
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
        ]
    print("\n".join(lines(rows, cost)))
    _PAGE.write_text(page(rows, cost), encoding="utf-8")
    print(f"\nwritten: {_PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
