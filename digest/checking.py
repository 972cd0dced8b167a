"""`digest check`: is a file exactly what the digest that it holds is written as?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from digest.errors import FormatError
from digest.matcher import Matcher
from digest.model import Entry, Marked, Names, Paper, Topic
from digest.report import FileCheck
from digest.writer import (
    Renderer,
    check,
    entry_of,
    first_difference,
    marked_again,
    plain,
    read_back,
)


def check_file(path: Path, renderer: Renderer, topics: Sequence[Topic]) -> FileCheck:
    """Read a file back, render it again, compare.

    With topics, also with its badges found again by their keywords, in the file's own style; a
    digest does not tell the papers' categories, so those of the topics are passed over.
    """
    data = path.read_bytes()
    try:
        digest = read_back(data)
    except FormatError as error:
        return FileCheck(path, 0, error.message)
    difference = check(data, renderer)
    if difference is None and topics:
        again = marked_again(digest, _marking(topics, digest.style))
        difference = first_difference(renderer.render(again), data)
        if difference is not None:
            problem = f"with your keywords in the {digest.style} style: {difference}"
            return FileCheck(path, len(digest.entries), problem)
    return FileCheck(path, len(digest.entries), str(difference or ""))


def _marking(topics: Sequence[Topic], style: str) -> Callable[[Entry], tuple[Names, Marked]]:
    matcher = Matcher([replace(topic, categories=()) for topic in topics], style)

    def mark(entry: Entry) -> tuple[Names, Marked]:
        midnight = datetime.combine(entry.published, time(), UTC)
        paper = Paper(
            id=entry.url.rpartition("/abs/")[2],
            version=1,
            url=entry.url,
            title=entry.title,
            abstract=plain(entry.abstract),
            authors=entry.names,
            categories=(),
            published=midnight,
            updated=midnight,
        )
        match = matcher.match(paper)
        if match is None:
            return paper.authors, tuple(filter(None, [paper.abstract]))
        again = entry_of(paper, match, style)
        return again.authors, again.abstract

    return mark
