"""The marks of the site's reader: the papers with a star, as its pages export them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from digest.errors import UsageError
from digest.model import PaperId

_HINT = "export the stars from the site again, or leave --starred out"


@dataclass(frozen=True, slots=True)
class Starred:
    """Base ids of papers with a star, in the order of the file, and what is no arXiv id."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...]


def read_starred(path: Path) -> Starred:
    """The stars of a file of marks, each paper once. Raises UsageError if it is no such file."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _unusable(path, "it is no JSON") from error
    if not isinstance(data, dict) or data.get("format") != "arxiv-digest-marks":
        raise _unusable(path, "it holds no marks of the site")
    if data.get("version") != 1:
        raise _unusable(path, "it was made by another version of the site")
    stars = data.get("starred")
    if not isinstance(stars, list) or not all(isinstance(star, str) for star in stars):
        raise _unusable(path, "its stars are no list of ids")
    found: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for star in stars:
        try:
            found[PaperId.parse(star).base] = None
        except ValueError:
            unknown[star] = None
    return Starred(tuple(found), tuple(unknown))


def _unusable(path: Path, what: str) -> UsageError:
    return UsageError(f"cannot read the stars: {path}: {what}", hint=_HINT)
