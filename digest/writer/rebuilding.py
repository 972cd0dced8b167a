"""Digests made again from the archive alone, with the keywords, style and template of today."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from datetime import date

from digest.archive import DigestRecord
from digest.model import Period
from digest.model.changes import ByteChange, DigestChange, PaperName, Rebadged
from digest.model.errors import FormatError
from digest.model.reports import DayState
from digest.writer.editions import Made
from digest.writer.format.changes import DigestChanges, digest_changes, paper_name
from digest.writer.format.check import first_difference
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer
from digest.writer.holdings import Holdings
from digest.writer.keeping import LINE_ENDS, Publisher, has_other_line_ends, is_ours

_NOTHING = DigestChanges((), (), (), has_more=False)


class Rebuilding:
    """Makes digests again.

    `make_all` makes the digests of periods, in their order; `renderer` is the one that it uses.
    """

    def __init__(
        self,
        holdings: Holdings,
        publisher: Publisher,
        renderer: Renderer,
        make_all: Callable[[Sequence[Period]], Generator[Made]],
    ) -> None:
        self._holdings = holdings
        self._publisher = publisher
        self._renderer = renderer
        self._make_all = make_all

    def digests(
        self, first: date | None, last: date | None, *, write: bool
    ) -> Iterator[DigestChange]:
        """How each digest from `first` to `last`, both included, changes; ascending.

        With `write`, its file is brought up to date before it is told, and at the end the index.
        Raises WriteError, TemplateError and ArchiveError.
        """
        records = self._holdings.digests(first, last)
        with closing(self._make_all([record.period for record in records])) as all_made:
            for record, made in zip(records, all_made, strict=True):
                yield self._again(record, made, write=write)
        if write:
            self._publisher.write_index()

    def _again(self, record: DigestRecord, made: Made, *, write: bool) -> DigestChange:
        old = self._publisher.read(record.period)
        changes, in_bytes = self._compare(old, made)
        note = ""
        if write:
            note = self._publisher.keep(made, DayState(record.state)).note
        elif old is not None and old != made.data and not is_ours(old, record):
            note = "the file is not as it was written last: a copy would be kept beside it"
            if has_other_line_ends(old, record):
                note = LINE_ENDS
        return DigestChange(
            day=record.period.day,
            path=self._publisher.path(record.period),
            action="written" if old is None else "unchanged" if old == made.data else "rewritten",
            papers=len(made.edition.shown),
            came=tuple(PaperName(paper_name(entry), entry.title) for entry in changes.came),
            went=tuple(PaperName(paper_name(entry), entry.title) for entry in changes.went),
            badges=tuple(
                Rebadged(paper_name(one.entry), one.entry.title, one.gained, one.lost)
                for one in changes.badges
            ),
            bytes=in_bytes,
            note=note,
            reordered=changes.reordered,
        )

    def _compare(self, old: bytes | None, made: Made) -> tuple[DigestChanges, ByteChange | None]:
        """The changes from a file to a digest in words, and in bytes where words are not enough."""
        if old is None:
            return digest_changes(None, made.edition.digest), None
        if old == made.data:
            return _NOTHING, None
        try:
            before = read_back(old)
        except FormatError:  # the file of a template with another layout, or of a person
            return _NOTHING, _in_bytes(old, made.data)
        changes = digest_changes(before, made.edition.digest)
        if changes.has_more or self._renderer.render(before) != old:
            return changes, _in_bytes(old, made.data)
        return changes, None


def _in_bytes(old: bytes, new: bytes) -> ByteChange:
    difference = first_difference(new, old)
    return ByteChange(len(old), len(new), difference.line if difference else 0)
