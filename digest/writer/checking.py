"""`digest check`: is a file exactly what the digest that it holds is written as?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import chain, combinations, islice
from pathlib import Path

from digest.archive import Archive
from digest.config.defaults import shipped
from digest.matcher import Matcher
from digest.model import Entry, Marked, Names, Paper, PaperId, Style, Topic
from digest.model.errors import FormatError
from digest.model.reports import CheckReport, FileCheck
from digest.writer.format.badges import plain
from digest.writer.format.check import check, first_difference, marked_again
from digest.writer.format.entries import entry_of
from digest.writer.format.index import INDEX_NAME
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer


def check_files(
    files: Sequence[Path], topics: Sequence[Topic] = (), archive: Archive | None = None
) -> CheckReport:
    """Read files back, render them again by the shipped template, compare.

    With topics, also with their badges found again by the keywords, in each file's own style. A
    digest does not tell the papers' categories: they are looked up in the archive. Of a paper that
    this lacks, whatever its topics give in one category or another is right.
    """
    renderer = Renderer(shipped("templates/digest.md.j2"))
    # `digest check output/*.md` means the digests.
    digests = [path for path in files if path.name != INDEX_NAME or len(files) == 1]
    return CheckReport(tuple(_check(path, renderer, topics, archive) for path in digests))


def _check(
    path: Path, renderer: Renderer, topics: Sequence[Topic], archive: Archive | None
) -> FileCheck:
    data = path.read_bytes()
    try:
        digest = read_back(data)
    except FormatError as error:
        return FileCheck(path, 0, error.message)
    difference = check(data, renderer)
    if difference is None and topics:
        again = marked_again(digest, _Marking(topics, digest.style, archive).mark)
        difference = first_difference(renderer.render(again), data)
        if difference is not None:
            problem = f"with your keywords in the {digest.style} style: {difference}"
            return FileCheck(path, len(digest.entries), problem)
    return FileCheck(path, len(digest.entries), str(difference or ""))


#: Categories that are tried for a paper of which none are known; many topics have many.
_MOST_TRIED = 1000


class _Marking:
    """Finds the badges of entries again."""

    def __init__(self, topics: Sequence[Topic], style: Style, archive: Archive | None) -> None:
        self._asked_for = {topic.name: topic.categories for topic in topics}
        self._matcher = Matcher(topics, style)
        self._style = style
        self._archive = archive

    def mark(self, entry: Entry) -> tuple[Names, Marked]:
        """The authors and the abstract: as they stand if the keywords can give that."""
        paper = _paper(entry)
        found = (self._marked(paper, categories) for categories in self._categories(paper))
        standing = entry.authors, entry.abstract
        first = next(found)
        return standing if standing == first or standing in found else first

    def _marked(self, paper: Paper, categories: tuple[str, ...]) -> tuple[Names, Marked]:
        match = self._matcher.match(replace(paper, categories=categories))
        if match is None:
            return paper.authors, tuple(filter(None, [paper.abstract]))
        again = entry_of(paper, match, self._style)
        return again.authors, again.abstract

    def _categories(self, paper: Paper) -> Iterator[tuple[str, ...]]:
        """The categories that a paper of the file may have had; one at least."""
        known = list(self._known(paper))
        if known:
            yield from known
            return
        # What a topic asks for fits itself, so that these are papers of any of the topics.
        everywhere = tuple(chain(*self._asked_for.values()))
        match = self._matcher.match(replace(paper, categories=everywhere))
        asked = {self._asked_for[name] for name in match.topics} - {()} if match else set()
        sizes = range(len(asked), -1, -1)
        some = chain.from_iterable(combinations(sorted(asked), size) for size in sizes)
        yield from (tuple(chain(*each)) for each in islice(some, _MOST_TRIED))

    def _known(self, paper: Paper) -> Iterator[tuple[str, ...]]:
        """As the archive has them: of the version that the file shows, or of each if it is mute."""
        try:
            shown = PaperId.parse(paper.url)
        except ValueError:
            return
        for versions in self._archive.papers.versions([shown.base]) if self._archive else ():
            for each in versions:
                if shown.version in (None, each.version):
                    yield each.categories


def _paper(entry: Entry) -> Paper:
    """The paper of an entry, as far as a file tells it."""
    midnight = datetime.combine(entry.published, time(), UTC)
    return Paper(
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
