"""The papers that a reader has marked on the pages, as a part of the library. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from digest.model import Paper
from digest.model.marks import Marks, PaperMarks
from digest.writer.order.ordering import LibraryPaper

#: All known versions of each of some works, oldest first.
Versions = Callable[[Sequence[str]], Iterator[list[Paper]]]


def marked_papers(marks: Marks, versions: Versions) -> list[LibraryPaper]:
    """Starred papers, and those that are "not for me", with the text of their lowest version.

    Of a paper with both marks the later one counts.
    """
    signs = {paper: _sign(one) for paper, one in marks.papers.items()}
    wanted = [paper for paper, sign in signs.items() if sign]
    return [
        LibraryPaper(one.title, one.abstract, one.id, day, liked)
        for one, *_ in versions(wanted)
        for day, liked in filter(None, [signs[one.id]])
    ]


def _sign(marks: PaperMarks) -> tuple[str, bool] | None:
    """The day of the mark that counts, and whether the paper is liked."""
    found = [
        (marks.marks[name].at, name == "star") for name in ("dislike", "star") if marks.has(name)
    ]
    if not found:
        return None
    at, liked = max(found)
    return at[:10], liked
