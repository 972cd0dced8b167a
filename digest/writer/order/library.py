"""The reader's library: BibTeX, RIS and CSL-JSON files, and the stars that the site exports.

A file that gives nothing is a mistake of the configuration. An entry that cannot be used is left
out and counted: a library of many years has some.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from digest.model import Paper
from digest.model.distribution import install_command
from digest.model.errors import ConfigError, Problem, UsageError
from digest.model.reports import counted
from digest.writer.order.entries import csl_paper, found_paper
from digest.writer.order.ordering import LibraryPaper
from digest.writer.order.stars import starred_of

#: All known versions of each of some works, oldest first.
Versions = Callable[[Sequence[str]], Iterator[list[Paper]]]

#: A title and the like by the names of the fields; None for an entry that is broken.
Fields = Mapping[str, str] | None

_KINDS = "BibTeX (.bib), RIS (.ris), CSL-JSON or the stars of the site (.json)"


@dataclass(slots=True)
class Library:
    """What some files hold.

    `left_out` entries could not be used; `unknown` starred papers are not in the archive.
    """

    papers: list[LibraryPaper] = field(default_factory=list)
    left_out: int = 0
    unknown: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of it."""
        entries, stars = counted(self.left_out, "entry", "entries"), counted(self.unknown, "star")
        told = (
            (self.left_out, f"{entries} of the library left out: broken or without a title"),
            (self.unknown, f"{stars} of the library left out: not in the archive"),
        )
        return tuple(note for number, note in told if number)


def read_library(files: Iterable[Path], versions: Versions) -> Library:
    """The library in some files; starred papers have the text of their lowest `versions`.

    Raises ConfigError for a file that cannot be read or gives nothing, also where what reads it is
    not installed.
    """
    library = Library()
    for path in files:
        data = _bytes(path)
        if path.suffix.lower() == ".json":
            _take_json(library, path, data, versions)
        else:
            _take(library, path, map(found_paper, _entries(path, _text(data))))
    return library


def _take(library: Library, path: Path, found: Iterable[LibraryPaper | None]) -> None:
    all_found = list(found)
    papers = [paper for paper in all_found if paper]
    if not papers:
        raise _unusable(path, "holds no entry with a title")
    library.papers += papers
    library.left_out += len(all_found) - len(papers)


def _take_json(library: Library, path: Path, data: bytes, versions: Versions) -> None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _unusable(path, "is no JSON") from error
    if isinstance(found, list):
        _take(library, path, map(csl_paper, found))
        return
    try:
        starred = starred_of(found, path)
    except UsageError as error:
        raise _unusable(path, "is neither CSL-JSON nor stars of the site") from error
    works = [oldest for oldest, *_ in versions(starred.ids)]
    library.papers += [LibraryPaper(one.title, one.abstract, one.id) for one in works]
    library.unknown += len(starred.ids) + len(starred.unknown) - len(works)


def _entries(path: Path, text: str) -> Iterable[Fields]:
    try:
        if path.suffix.lower() == ".bib":
            from digest.writer.order.bibtex import entries
        else:
            from digest.writer.order.ris import entries
    except ImportError as error:
        raise ConfigError(
            [Problem(str(path), None, "library", f"cannot be read: {error}")],
            hint=f"{install_command('export')}; or export the library as CSL-JSON (.json)",
        ) from error
    try:
        return list(entries(text))
    except Exception as error:  # a reader of others, and a file that may hold anything
        raise _unusable(path, f"cannot be read: {error}") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unusable(path, f"cannot be read: {error.strerror}") from error


def _text(data: bytes) -> str:
    """Also of a file that is not UTF-8 throughout: that costs a few words of a few entries."""
    return data.decode("utf-8-sig", "replace")


def _unusable(path: Path, what: str) -> ConfigError:
    return ConfigError(
        [Problem(str(path), None, "library", what, _KINDS)],
        hint="export the library again, or take the file out of library in [digest]",
    )
