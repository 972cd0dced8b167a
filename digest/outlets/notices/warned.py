"""Whether the operator was warned: kept in the archive, which moves with the workspace.

An archive that cannot be used is itself a reason to warn, and to warn once. Then an empty file in
the user's cache stands for it, for which even a full disk has room.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from digest.archive import Archive
from digest.model.errors import ArchiveError, WriteError


class Warned:
    """Whether the last notice to the operator of the workspace with this archive was a warning."""

    def __init__(self, archive: Path, cache: Path) -> None:
        self._archive = archive
        name = sha256(str(archive).encode(errors="surrogateescape")).hexdigest()[:16]
        self._marker = cache / f"told-{name}"

    def __bool__(self) -> bool:
        return self._marker.exists() or self._is_archived()

    def note(self, trouble: bool) -> None:
        """Record a notice of trouble, or that all is well again. Raises WriteError."""
        try:
            with Archive(self._archive) as archive:
                archive.ledger.note_warned(trouble)
        except ArchiveError:
            self._mark(trouble)
        else:
            # The archive can be read again; the file was for the time when it could not.
            self._mark(False)

    def _mark(self, trouble: bool) -> None:
        try:
            if trouble:
                self._marker.parent.mkdir(parents=True, exist_ok=True)
                self._marker.touch()
            else:
                self._marker.unlink(missing_ok=True)
        except OSError as error:
            raise WriteError(
                f"cannot record the notice: {self._marker}: {error.strerror}",
                hint="until it can be recorded, every run sends its notice again",
            ) from error

    def _is_archived(self) -> bool:
        if not self._archive.exists():
            return False
        try:
            with Archive(self._archive) as archive:
                return archive.ledger.has_warned()
        except ArchiveError:
            return False
