"""Digest files and their index: brought up to date, and noted in the ledger."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from digest.archive import Archive, DigestRecord
from digest.files import keep_aside, replace
from digest.model import Digest, Period
from digest.model.errors import WriteError
from digest.model.reports import DayReport, DayState
from digest.writer.editions import Made
from digest.writer.format.changes import paper_name
from digest.writer.format.index import INDEX_NAME, Listed, frequent_badges, index
from digest.writer.holdings import Holdings

_LINKED = re.compile(r"arxiv\.org/abs/([a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})")

#: What is said of a file whose line ends alone are not those that were written.
LINE_ENDS = (
    "its line ends had become CR LF, as git makes them with core.autocrlf; "
    "put `*.md -text` into .gitattributes"
)


class Publisher:
    """Keeps the files of digests in `folder`, with an index if wanted.

    `make` makes them; `made_with` names the keywords and the style that it goes by. `keep_order` is
    called with the name of an order before it is noted.
    """

    def __init__(
        self,
        archive: Archive,
        holdings: Holdings,
        make: Callable[[Period], Made],
        folder: Path,
        *,
        has_index: bool,
        made_with: str,
        keep_order: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._holdings = holdings
        self._make = make
        self._folder = folder
        self._has_index = has_index
        self._made_with = made_with
        self._keep_order = keep_order
        self._now = now

    def path(self, period: Period) -> Path:
        """The file of a digest."""
        return self._folder / period.file

    def read(self, period: Period) -> bytes | None:
        """The file of a digest as it is; None if there is none. Raises WriteError."""
        return read_file(self.path(period))

    def write(self, period: Period, state: DayState, note: str = "") -> DayReport:
        """Make a digest and bring its file up to date; raises TemplateError besides, see `keep`."""
        return self.keep(self._make(period), state, note)

    def keep(self, made: Made, state: DayState, note: str = "") -> DayReport:
        """Bring the file of a digest up to date. Raises WriteError, ArchiveError.

        A file that someone changed by hand since it was written is kept beside it. One that was
        imported stays as it is.
        """
        period, digest = made.edition.period, made.edition.digest
        path = self.path(period)
        old = self.read(period)
        record = self._archive.ledger.digest(period.day)
        if old is not None and record and record.state == DayState.IMPORTED:
            return DayReport(
                period.day, DayState.IMPORTED, made.papers, record.papers, path, "unchanged"
            )
        new = DigestRecord(
            period,
            state,
            len(digest.entries),
            sha256(made.data).hexdigest(),
            badges=frequent_badges(digest),
            made_with=self._made_with,
            shown=made.edition.ids,
            ordered_by=made.edition.ordered_by,
        )
        self._keep_order(new.ordered_by)
        joined: tuple[str, ...] = ()
        left: tuple[str, ...] = ()
        if old != made.data:
            intended = dataclasses.replace(new, sha256=None, intended=new.sha256)
            self._archive.ledger.intend(intended, self._now())
            if old is not None:
                joined = _joined(digest, old) if record else ()
                left = _left(made, record)
                if not is_ours(old, record):
                    why = LINE_ENDS if has_other_line_ends(old, record) else _kept(path)
                    note = f"{note}; " * bool(note) + why
            replace(path, made.data)
        if record != new:
            self._archive.ledger.settle(new, self._now())
        self._holdings.keep(period)
        action = "unchanged" if old == made.data else "written" if old is None else "rewritten"
        return DayReport(
            period.day, state, made.papers, new.papers, path, action, joined, left, note
        )

    def write_index(self) -> None:
        """Bring the list of all digests that are there up to date. Raises WriteError."""
        if not self._has_index:
            return
        records = self._archive.ledger.digests()
        written = [
            Listed(day, record.papers, record.badges, record.state == DayState.PARTIAL)
            for day, record in records.items()
            if self.path(record.period).exists()
        ]
        others = [
            Listed(day, len(linked_papers(read_file(path) or b"")), (), False)
            for day, path in digest_files(self._folder).items()
            if day not in records
        ]
        replace(self._folder / INDEX_NAME, index([*written, *others]))


def digest_files(folder: Path) -> dict[date, Path]:
    """The files of a folder that have the name of a digest, by day, ascending."""
    found = {}
    for path in sorted(folder.glob("[0-9]*.md")):
        with suppress(ValueError):
            found[date.fromisoformat(path.stem)] = path
    return found


def read_file(path: Path) -> bytes | None:
    """A digest's file; None if there is none. Raises WriteError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WriteError(
            f"cannot read the digest written before: {path}: {error.strerror}",
            hint="mend its permissions, or move it away",
        ) from error


def has_other_line_ends(data: bytes, record: DigestRecord | None) -> bool:
    """Whether a file was changed in nothing but its line ends."""
    return b"\r\n" in data and is_ours(data.replace(b"\r\n", b"\n"), record)


def _kept(path: Path) -> str:
    """Keep a file that was changed beside the new one; what is said of that."""
    return f"the file was not as it was written last: kept as {keep_aside(path).name}"


def is_ours(data: bytes, record: DigestRecord | None) -> bool:
    """Whether a file holds what was written last, or was about to be."""
    return record is not None and sha256(data).hexdigest() in (record.sha256, record.intended)


def linked_papers(data: bytes) -> set[str]:
    """The base ids of the papers that a file links to.

    A template of the user's own need not give a file that reads back, and the style may have
    changed since.
    """
    return set(_LINKED.findall(data.decode("utf-8", "replace")))


def _joined(digest: Digest, old: bytes) -> tuple[str, ...]:
    """The ids of papers that the file did not have before."""
    before = linked_papers(old)
    return tuple(
        paper_name(entry)
        for entry in digest.entries
        if not before.issuperset(linked_papers(entry.url.encode()))
    )


def _left(made: Made, before: DigestRecord | None) -> tuple[str, ...]:
    """The base ids of papers that the digest had and has no longer."""
    had = (before and before.shown) or ()
    return tuple(paper for paper in had if paper not in made.edition.ids)
