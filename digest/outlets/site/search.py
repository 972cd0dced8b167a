"""What the search of the pages reads: a catalogue a year, the abstracts of a quarter of a year.

A browser reads the catalogues first, newest first, and can answer then for ids, titles, authors,
categories, topics, keywords and days; abstracts follow. So a year takes seven requests at most,
and a new day changes two files. They are packed with gzip whatever the server does; the scripts
of the pages unpack them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from gzip import compress
from itertools import groupby

from digest.outlets.site.abstracts import inline
from digest.outlets.site.memory import Brief, Day, fingerprint
from digest.outlets.site.pages import Site
from digest.outlets.site.text import possible

_MONTHS_A_QUARTER = 3


def write_search(site: Site, days: Sequence[Day], made_with: str) -> None:
    """All of it, of the days in ascending order. Raises WriteError."""
    newest_first = list(reversed(days))
    years = _files(site, newest_first, _year, _catalogue, made_with)
    texts = _files(site, newest_first, _quarter, _abstracts, made_with)
    data = json.dumps({"catalogues": years, "texts": texts}).encode()
    site.file("search/index.json", data)


def _files(
    site: Site,
    days: Iterable[Day],
    part: Callable[[Day], str],
    content: Callable[[Sequence[Day]], object],
    made_with: str,
) -> list[dict[str, object]]:
    """A file for each part that has papers; returns their names and numbers of papers."""
    told: list[dict[str, object]] = []
    for name, group in groupby(days, key=part):
        of_part = list(group)
        papers = sum(len(day.papers) for day in of_part)
        if not papers:
            continue
        file = f"search/{name}.json.gz"
        mark = fingerprint(made_with, [(day.day, day.mark) for day in of_part])
        if not site.has(file, mark):
            text = json.dumps(content(of_part), ensure_ascii=False, separators=(",", ":"))
            site.file(file, compress(text.encode("utf-8", "replace"), 6, mtime=0), mark)
        told.append({"name": name, "papers": papers})
    return told


def _year(day: Day) -> str:
    return f"{day.day.year}"


def _quarter(day: Day) -> str:
    return f"{day.day.year}-q{(day.day.month - 1) // _MONTHS_A_QUARTER + 1}"


def _catalogue(days: Sequence[Day]) -> object:
    """All that is told of papers but their abstracts, the newest day first."""
    return [[day.day.isoformat(), [_line(paper) for paper in day.papers]] for day in days]


def _line(paper: Brief) -> list[object]:
    title = possible(paper.title)
    html = inline(paper.title)
    line: list[object] = [
        paper.id,
        title,
        [possible(name) for name in paper.authors],
        list(map(possible, paper.categories)),
        list(map(possible, paper.keywords)),
        list(map(possible, paper.topics)),
    ]
    # Only where a formula is drawn; all else is text.
    return [*line, html] if "<math" in html else line


def _abstracts(days: Sequence[Day]) -> object:
    return {
        paper.id: " ".join(possible(paper.abstract).split()) for day in days for paper in day.papers
    }
