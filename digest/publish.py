"""Match, compose, render, write: a digest file from the archive, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path

from digest.announcements import Announcements
from digest.archive import Archive, DigestRecord
from digest.errors import WriteError
from digest.matcher import Match, Matcher
from digest.model import Digest, Paper, Period
from digest.report import DayReport, DayState
from digest.writer import Renderer, compose, keep_aside, replace


@dataclass(frozen=True, slots=True)
class Made:
    """A digest as it would be written: its bytes, and how many papers its days have in all."""

    digest: Digest
    data: bytes
    papers: int


class Publisher:
    """Makes digests from the archive and keeps their files in `folder`.

    `categories` are those of the scope (`cs.*`), empty for any: an archive may hold more than the
    scope asks for today.
    """

    def __init__(
        self,
        archive: Archive,
        announcements: Announcements,
        matcher: Matcher,
        renderer: Renderer,
        folder: Path,
        *,
        categories: tuple[str, ...],
        now: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._announcements = announcements
        self._matcher = matcher
        self._renderer = renderer
        self._folder = folder
        self._categories = categories
        self._now = now

    def path(self, period: Period) -> Path:
        """The file of a digest."""
        return self._folder / f"{period.day.isoformat()}.md"

    def make(self, period: Period) -> Made:
        """The digest of a period: a function of the archive and the configuration."""
        ids = self._announcements.ids(period)
        digest = compose(period.day, self._kept(self._announcements.papers(period, ids)))
        return Made(digest, self._renderer.render(digest), len(ids))

    def write(self, period: Period, state: DayState, note: str = "") -> DayReport:
        """Bring the file of a digest up to date. Raises WriteError, TemplateError, ArchiveError.

        A file that someone changed by hand since it was written is kept beside it.
        """
        made = self.make(period)
        path = self.path(period)
        old = _read(path)
        record = self._archive.ledger.digests().get(period.day)
        new = DigestRecord(period, state, len(made.digest.entries), sha256(made.data).hexdigest())
        joined: tuple[str, ...] = ()
        if old != made.data:
            intended = DigestRecord(period, state, new.papers, None, intended=new.sha256)
            self._archive.ledger.intend(intended, self._now())
            if old is not None:
                joined = _joined(made.digest, old) if record else ()
                if not _is_ours(old, record):
                    aside = keep_aside(path)
                    note = (
                        f"{note}; " * bool(note) + f"it was changed by hand: kept as {aside.name}"
                    )
            replace(path, made.data)
        if record != new:
            self._archive.ledger.settle(new, self._now())
        action = "unchanged" if old == made.data else "written" if old is None else "rewritten"
        return DayReport(period.day, state, made.papers, new.papers, path, action, joined, note)

    def _kept(self, papers: Iterator[Paper]) -> Iterator[tuple[Paper, Match]]:
        for paper in papers:
            if self._in_scope(paper) and (match := self._matcher.match(paper)):
                yield paper, match

    def _in_scope(self, paper: Paper) -> bool:
        return not self._categories or any(
            fnmatchcase(category, pattern)
            for category in paper.categories
            for pattern in self._categories
        )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WriteError(
            f"cannot read the digest written before: {path}: {error.strerror}",
            hint="mend its permissions, or move it away",
        ) from error


def _is_ours(data: bytes, record: DigestRecord | None) -> bool:
    return record is not None and sha256(data).hexdigest() in (record.sha256, record.intended)


def _joined(digest: Digest, old: bytes) -> tuple[str, ...]:
    """The ids of papers that the file did not have before."""
    text = old.decode("utf-8", "replace")
    return tuple(
        entry.url.rpartition("/abs/")[2] for entry in digest.entries if entry.url not in text
    )
