"""`digest import`: papers of digests made elsewhere become known, so that none comes again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from digest.archive import Archive, DigestRecord, ImportedPaper
from digest.model import Digest, Entry, PaperId, Period, digest_file
from digest.model.errors import FormatError
from digest.model.reports import DayState, FileImport, ImportReport, KnownPaper
from digest.writer.format.badges import plain
from digest.writer.format.index import frequent_badges
from digest.writer.format.older import read_older
from digest.writer.keeping import is_ours, linked_papers, read_file
from digest.writer.periods import DigestDays


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that could be read."""

    path: Path
    data: bytes
    digest: Digest


class Importer:
    """Takes digest files into an archive; `folder` is where the runs of the workspace write."""

    def __init__(
        self,
        archive: Archive,
        digest_days: DigestDays,
        folder: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._digest_days = digest_days
        self._folder = folder
        self._now = now

    def take(self, files: Sequence[Path], *, really: bool) -> ImportReport:
        """Compare the files with what is known and, if `really`, keep what is not.

        A paper that is in several files belongs to the one of the earliest day. Each file is one
        transaction. Raises ArchiveError; WriteError if a written digest cannot be read.
        """
        read = [_read(path) for path in dict.fromkeys(files)]
        sources = [one for one in read if isinstance(one, _Source)]
        reports = {one.path: one for one in read if isinstance(one, FileImport)}
        known = self._written(sources)
        for source in sorted(sources, key=lambda source: source.digest.day):
            papers = [_paper(source.digest, entry) for entry in source.digest.entries]
            known |= self._imported(papers)
            report, new = _compare(source, papers, known)
            reports[source.path] = report
            if really:
                self._archive.imports.add(new, self._record(source), self._now())
        return ImportReport(tuple(reports[path] for path in dict.fromkeys(files)), done=really)

    def _written(self, sources: Sequence[_Source]) -> dict[str, KnownPaper]:
        """The papers in the files that runs wrote.

        A file that took the place of one of them and is to be imported is none of these.
        """
        foreign = {source.data for source in sources}
        known: dict[str, KnownPaper] = {}
        for day, record in self._archive.ledger.digests().items():
            data = read_file(self._folder / digest_file(day))
            if data is None or record.state == DayState.IMPORTED:
                continue
            if data not in foreign or is_ours(data, record):
                known |= {paper: KnownPaper(paper, "written", day) for paper in linked_papers(data)}
        return known

    def _imported(self, papers: Sequence[ImportedPaper]) -> dict[str, KnownPaper]:
        days = self._archive.imports.days([paper.id.base for paper in papers])
        return {paper: KnownPaper(paper, "imported", day) for paper, day in days.items()}

    def _record(self, source: _Source) -> DigestRecord | None:
        """What makes the digest's day count as made: if the file is where a run would write it."""
        day = source.digest.day
        target = self._folder / digest_file(day)
        if source.path.resolve() != target.resolve():
            return None
        if is_ours(source.data, self._archive.ledger.digest(day)):
            return None
        return DigestRecord(
            # A day within a digest to come is not made: its other papers come with that digest.
            Period.of(day) if self._digest_days.next(day) == day else Period(day, frozenset()),
            DayState.IMPORTED,
            len(source.digest.entries),
            sha256(source.data).hexdigest(),
            badges=frequent_badges(source.digest),
        )


def _read(path: Path) -> _Source | FileImport:
    try:
        data = path.read_bytes()
        return _Source(path, data, read_older(data, str(path)))
    except FormatError as error:
        return FileImport(path, problem=error.message, line=error.line)
    except OSError as error:
        return FileImport(path, problem=f"cannot be read: {error.strerror}")


def _compare(
    source: _Source, papers: Sequence[ImportedPaper], known: dict[str, KnownPaper]
) -> tuple[FileImport, list[ImportedPaper]]:
    """What is new in a file; adds it to what is known."""
    new: list[ImportedPaper] = []
    already: list[KnownPaper] = []
    for paper in papers:
        base = paper.id.base
        if base in known:
            already.append(known[base])
        else:
            new.append(paper)
            known[base] = KnownPaper(base, "imported", paper.day)
    taken = tuple(paper.id.base for paper in new)
    return FileImport(source.path, source.digest.day, taken, tuple(already)), new


def _paper(digest: Digest, entry: Entry) -> ImportedPaper:
    return ImportedPaper(
        id=PaperId.parse(entry.url),
        day=digest.day,
        published=entry.published,
        url=entry.url,
        title=entry.title,
        abstract=plain(entry.abstract),
        authors=entry.names,
    )
