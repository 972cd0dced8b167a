"""The file of the workspace that keeps a reader's marks for every browser that opens its pages."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock

from digest.files import replace
from digest.model.errors import WriteError
from digest.model.marks import Marks, marks_of, merged, written

#: The name of the file in the output folder.
MARKS_FILE = "marks.json"

#: The longest request and the longest file, in bytes.
LONGEST_REQUEST = 1 << 20
_LONGEST_FILE = 32 << 20


class KeptMarks:
    """The marks in a file. It is read anew each time: another program may have changed it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def all(self) -> bytes:
        """The file as it would be written. Raises ValueError for one that is not valid."""
        return written(self._read())

    def take(self, data: bytes) -> bytes:
        """Merge marks into the file; returns the marks of these papers as they are then kept.

        Raises ValueError if these are not valid marks, or those of the file are not, and
        WriteError.
        """
        try:
            new = marks_of(json.loads(data))
        except RecursionError as error:
            raise ValueError("not valid JSON") from error
        with self._lock:
            kept = merged(self._read(), new)
            file = written(kept)
            if len(file) > _LONGEST_FILE:
                raise WriteError(
                    f"cannot write: {self._path}: more than {_LONGEST_FILE:,} bytes",
                    hint="export the marks, and start a new file",
                )
            replace(self._path, file)
        return written(Marks({paper: kept.papers[paper] for paper in new.papers}))

    def _read(self) -> Marks:
        try:
            return marks_of(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return Marks()
        except (OSError, ValueError, RecursionError) as error:
            raise ValueError(f"cannot read {self._path}: {error}") from error
