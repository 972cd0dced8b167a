"""Which order each digest has: the one that it was written in, or that of the configuration.

An edit of the library reorders the digests to come, and those that a person names: a digest that
is made again for another reason keeps the library that it was written with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from digest.archive import Archive, DigestRecord
from digest.writer.order import NewestFirst, Ordering
from digest.writer.order.ordering import LibraryPaper

#: The order of some library's papers, by a model of this name too unless it is "".
Make = Callable[[Sequence[LibraryPaper], str], Ordering]

NEWEST = NewestFirst.name


class Orders:
    """The orders of one archive's digests.

    `current` is by the library of today. With `again` every digest has it; otherwise those that
    were written by a library keep that one. `make` makes the order of a library that is kept.
    """

    def __init__(
        self,
        archive: Archive,
        current: Ordering,
        make: Make | None = None,
        *,
        again: bool = False,
    ) -> None:
        self.current = current
        self._archive = archive
        self._make = make
        self._again = again
        self._known: dict[str, Ordering] = {}

    @property
    def kind(self) -> str:
        """Names what all digests are ordered by."""
        return NEWEST if self.current.name == NEWEST else "relevance"

    def of(self, record: DigestRecord | None) -> Ordering:
        """The order of a digest; None is one that was not written yet."""
        name = self.name_of(record)
        if name == self.current.name or self._make is None:
            return self.current
        if name not in self._known:
            library, _, model = name.partition(" ")
            papers = self._papers(library)
            self._known[name] = self.current if papers is None else self._make(papers, model)
        return self._known[name]

    def name_of(self, record: DigestRecord | None) -> str:
        """Equal for equal orders."""
        if self.kind == NEWEST or self._again or record is None:
            return self.current.name
        is_known = record.ordered_by not in ("", NEWEST)
        return record.ordered_by if is_known else self.current.name

    def keep(self, name: str) -> None:
        """Keep the library of this name, which a digest is about to be ordered by."""
        library = name.partition(" ")[0]
        if library in (NEWEST, "") or library != self.current.name:
            return  # as it has none, or has been kept
        if not self._archive.libraries.has(library):
            self._archive.libraries.keep(library, list(map(written, self.current.library)))

    def _papers(self, library: str) -> list[LibraryPaper] | None:
        found = self._archive.libraries.papers(library)
        return None if found is None else list(map(read, found))


def written(paper: LibraryPaper) -> str:
    """A paper of a library as the archive keeps it."""
    fields = (paper.title, paper.abstract, paper.paper, paper.added, paper.liked)
    return json.dumps(fields, ensure_ascii=False)


def read(text: str) -> LibraryPaper:
    """The inverse of `written`."""
    return LibraryPaper(*json.loads(text))
