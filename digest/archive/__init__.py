"""The archive: one SQLite file with every paper seen, what was asked for, and what was done."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from digest.archive.batches import Batches
from digest.archive.connection import Connection
from digest.archive.coverage import Coverage
from digest.archive.deliveries import Deliveries, SentPapers
from digest.archive.imports import ImportedPaper, Imports
from digest.archive.ledger import DayRecord, DigestRecord, Ledger
from digest.archive.libraries import Libraries
from digest.archive.papers import Papers
from digest.archive.runs import Runs
from digest.archive.summaries import Summaries
from digest.archive.words import Words

__all__ = ["Archive", "DayRecord", "DigestRecord", "ImportedPaper", "SentPapers"]


class Archive:
    """An open archive; `path` may be ":memory:". Use as a context manager, or close it.

    Every method that writes is one transaction; `patience` is how many seconds it waits while
    another process writes. Raises ArchiveError, naming the file, for a file that is damaged, of
    another program or of a newer version, and for whatever SQLite reports.
    """

    def __init__(self, path: Path | str, *, patience: float = 30.0) -> None:
        self._connection = Connection(path, patience)
        self.papers = Papers(self._connection)
        self.words = Words(self._connection)
        self.coverage = Coverage(self._connection)
        self.batches = Batches(self._connection)
        self.ledger = Ledger(self._connection)
        self.imports = Imports(self._connection)
        self.runs = Runs(self._connection)
        self.deliveries = Deliveries(self._connection)
        self.summaries = Summaries(self._connection)
        self.libraries = Libraries(self._connection)

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment, also while a run writes."""
        return self._connection.snapshot()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was written is safe without it."""
        self._connection.close()
