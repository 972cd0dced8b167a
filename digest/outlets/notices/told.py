"""Whether trouble was told: kept in the archive, as it goes where the workspace goes.

An archive that cannot be used is the very trouble to tell, and to tell once. Then an empty file in
the user's cache stands for it, which even a full disk has room for.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from digest.archive import Archive
from digest.model.errors import ArchiveError, WriteError


class Told:
    """What the operator of the workspace with this archive was told last."""

    def __init__(self, archive: Path, cache: Path) -> None:
        self._archive = archive
        name = sha256(str(archive).encode(errors="surrogateescape")).hexdigest()[:16]
        self._marker = cache / f"told-{name}"

    def __bool__(self) -> bool:
        return self._marker.exists() or self._is_archived()

    def note(self, trouble: bool) -> None:
        """Note that trouble was told, or that all is well again. Raises WriteError."""
        try:
            with Archive(self._archive) as archive:
                archive.ledger.note_told(trouble)
        except ArchiveError:
            self._mark(trouble)
        else:
            # What the archive says again is true; the file was for the time when it could not.
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
                f"cannot note what the operator was told: {self._marker}: {error.strerror}",
                hint="until it can be noted, every run sends its notice again",
            ) from error

    def _is_archived(self) -> bool:
        if not self._archive.exists():
            return False
        try:
            with Archive(self._archive) as archive:
                return archive.ledger.is_told()
        except ArchiveError:
            return False
