"""The marks of the site's reader: the papers with a star, as its pages export them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from digest.model import PaperId
from digest.model.errors import UsageError

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
    return starred_of(data, path)


def starred_of(data: object, path: Path) -> Starred:
    """The same for what was read of a file, `{"papers": [{"id": …, "starred": …}]}`."""
    papers = data.get("papers") if isinstance(data, dict) else None
    if not isinstance(papers, list):
        raise _unusable(path, "it holds no marks of the site")
    found: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for paper in papers:
        if not isinstance(paper, dict) or not isinstance(paper.get("id"), str):
            raise _unusable(path, "one of its papers has no id")
        if not paper.get("starred"):
            continue
        try:
            found[PaperId.parse(paper["id"]).base] = None
        except ValueError:
            unknown[paper["id"]] = None
    return Starred(tuple(found), tuple(unknown))


def _unusable(path: Path, what: str) -> UsageError:
    return UsageError(f"cannot read the stars: {path}: {what}", hint=_HINT)
