"""`digest archive`: the archive's file as a whole. Is it sound, a copy, its size, its papers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from digest.archive import Archive
from digest.archive.copies import Room, compact, copy, is_archive
from digest.archive.soundness import Finding, Inspection, WrittenDigest
from digest.config import DigestSettings
from digest.fetcher.announcements import Announcements
from digest.files import written_beside
from digest.model import Paper
from digest.model.errors import ArchiveError, UsageError
from digest.model.reports import NO_WAIT, DayState, Wait

#: How many works are looked up together; their walk takes some four times as many.
_WORKS = 10_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with the archive and the digest files, and how much was looked at.

    The counts are 0 where a damaged archive does not give them; `imported` are the digests among
    `digests` that were made elsewhere.
    """

    archive: Path
    findings: tuple[Finding, ...]
    papers: int
    digests: int
    imported: int

    @property
    def exit_code(self) -> int:
        """0 if nothing is wrong, else 1."""
        return int(bool(self.findings))


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made, and its size in bytes."""

    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Compaction:
    """The size of the archive before and after, in bytes."""

    archive: Path
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Export:
    """A table that was written, and how many versions of papers are in it."""

    path: Path
    rows: int


def free_bytes(folder: Path) -> int:
    """How many bytes are free for this user on the disk of a folder."""
    return shutil.disk_usage(folder).free


class Upkeep:
    """What a person does with the archive's file.

    `alone` holds the workspace for a named command, `opened` the archive, brought to this version;
    `announcements` are made for it. `room` returns the free bytes on the disk of a folder.
    """

    def __init__(
        self,
        settings: DigestSettings,
        alone: Callable[[str, Wait], AbstractContextManager[None]],
        opened: Callable[[], AbstractContextManager[Archive]],
        announcements: Callable[[Archive], Announcements],
        room: Room = free_bytes,
    ) -> None:
        self._archive = settings.archive
        self._folder = settings.output
        self._alone = alone
        self._opened = opened
        self._announcements = announcements
        self._room = room

    def verify(self) -> Verdict:
        """Check the archive, and its ledger against the digest files; changes nothing.

        A run may go on meanwhile. Raises ArchiveError for a file that is not an archive.
        """
        inspection = Inspection(self._archive)
        findings = inspection.findings()
        papers, digests = 0, dict[str, WrittenDigest]()
        try:
            papers = inspection.papers()
            findings += strange_files(inspection.digests, self._folder)
            digests = inspection.digests()
        except ArchiveError as error:
            findings.append(Finding("digest files", f"they cannot be checked: {error.message}"))
        imported = sum(record.state == DayState.IMPORTED for record in digests.values())
        return Verdict(self._archive, tuple(findings), papers, len(digests), imported)

    def backup(self, target: Path) -> Backup:
        """Copy the archive to a file, which may be an earlier backup; a run may go on meanwhile.

        Raises UsageError for a file that is not a backup, ArchiveError for a damaged archive, and
        WriteError; whatever was there is there then.
        """
        self._check_target(target)
        with written_beside(target) as part:
            size = copy(self._archive, part, self._room)
        return Backup(target, size)

    def compact(self, wait: Wait = NO_WAIT) -> Compaction:
        """Give back to the disk what the archive does not need. Raises LockHeld as well."""
        with self._alone("archive compact", wait):
            before, after = compact(self._archive, self._room)
        return Compaction(self._archive, before, after)

    def export(self, target: Path) -> Export:
        """Write every version of every paper to a table, as the archive is at one moment.

        Raises UsageError for an unknown ending or a format that is not installed, ArchiveError
        and WriteError.
        """
        from digest.archive.table import table_writer

        write = table_writer(target)
        if not self._archive.is_file():
            Inspection(self._archive).papers()  # raises
        with self._opened() as archive, archive.snapshot(), written_beside(target) as part:
            return Export(target, write(part, self._versions(archive)))

    def _versions(self, archive: Archive) -> Iterator[tuple[Paper, date, date]]:
        """Every version with its announcement day and its work's, in the order of their ids."""
        announcements = self._announcements(archive)
        for ids in archive.papers.works(_WORKS):
            days = announcements.day_by_work(ids)
            for versions in archive.papers.versions(ids):
                for paper in versions:
                    first = announcements.first_announced(paper, days)
                    yield paper, announcements.announced(paper, days), first

    def _check_target(self, target: Path) -> None:
        if not target.exists():
            return
        if self._archive.exists() and target.samefile(self._archive):
            what = "it is the archive itself"
        elif any(target.with_name(target.name + end).exists() for end in (".lock", "-wal")):
            what = "it is the archive of a workspace, or in use"
        elif not is_archive(target):
            what = "it exists and is not a backup"
        else:
            return
        raise UsageError(
            f"cannot back up to {target}: {what}",
            hint="name a new file, or an earlier backup",
        )


def strange_files(
    digests: Callable[[], Mapping[str, WrittenDigest]], folder: Path
) -> list[Finding]:
    """The digests whose files in `folder` are not what was written, ascending.

    `digests` reads the ledger. A run may go on meanwhile: a file that is written after its record
    was read is looked at again.
    """
    records = digests()
    strange = _compare(records, records, folder)
    while strange:
        fresh = digests()
        changed = [day for day in strange if fresh.get(day) != records.get(day)]
        if not changed:
            break
        records = fresh
        strange = {day: what for day, what in strange.items() if day not in changed}
        strange |= _compare(records, changed, folder)
    return [Finding(f"digest {day}", what) for day, what in sorted(strange.items())]


def _compare(
    records: Mapping[str, WrittenDigest], days: Iterable[str], folder: Path
) -> dict[str, str]:
    found = {day: _difference(folder / f"{day}.md", records[day]) for day in days}
    return {day: what for day, what in found.items() if what}


def _difference(path: Path, record: WrittenDigest) -> str:
    """What is wrong with a digest's file; nothing if it is the one that was written."""
    file = "the imported file" if record.state == DayState.IMPORTED else "its file"
    try:
        found = sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return f"{file} is missing: {path}"
    except OSError as error:
        return f"{file} cannot be read: {path}: {error.strerror}"
    # A run that was killed wrote the one or the other.
    if found in (record.sha256, record.intended):
        return ""
    return f"{file} was edited since: {path}"
