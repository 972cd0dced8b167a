"""The stars of the site's reader: of its marks.json, or of what its pages export."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from digest.model.errors import UsageError
from digest.model.marks import marks_of

_HINT = "export the stars from the site again, or leave --starred out"


@dataclass(frozen=True, slots=True)
class Starred:
    """Base ids of papers with a star, in the order of the file, and what is not an arXiv id."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...]


def read_starred(path: Path) -> Starred:
    """The stars of a file of marks, each paper once. Raises UsageError for any other file."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _unusable(path, "not valid JSON") from error
    return starred_of(data, path)


def starred_of(data: object, path: Path) -> Starred:
    """The same for what was read of a file; the format is that of `digest.model.marks`."""
    try:
        marks = marks_of(data)
    except ValueError as error:
        raise _unusable(path, str(error)) from error
    return Starred(tuple(marks.with_mark("star")), marks.unknown)


def _unusable(path: Path, what: str) -> UsageError:
    return UsageError(f"cannot read the stars: {path}: {what}", hint=_HINT)
