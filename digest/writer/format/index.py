"""The list of all digests: one line each, the newest first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from digest.model import Badge, Digest, digest_file
from digest.model.reports import counted
from digest.writer.format.escape import ANYWHERE, escape

INDEX_NAME = "index.md"

_BADGES = 3
_MARKUP = re.compile(rf"{ANYWHERE}|[!&*<>\[\]\\_`|~$]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A digest as the index shows it; its file is beside the index and named after its day."""

    day: date
    papers: int
    badges: tuple[str, ...]
    is_incomplete: bool


def frequent_badges(digest: Digest) -> tuple[str, ...]:
    """The texts of the three badges that a digest's abstracts have most often.

    Of equal ones the first seen.
    """
    texts = Counter(
        piece.text
        for entry in digest.entries
        for piece in entry.abstract
        if isinstance(piece, Badge)
    )
    return tuple(text for text, _ in texts.most_common(_BADGES))


def index(digests: Iterable[Listed]) -> bytes:
    """The index file of some digests, in whatever order they come."""
    newest_first = sorted(digests, key=lambda listed: listed.day, reverse=True)
    lines = ["# Digests", "", *map(_line, newest_first)]
    return "".join(f"{line}\n" for line in lines).encode()


def _line(listed: Listed) -> str:
    papers = counted(listed.papers, "paper")
    badges = ", ".join(escape(_MARKUP, text) for text in listed.badges)
    shown = f" ({badges})" if badges else ""
    incomplete = ", incomplete" if listed.is_incomplete else ""
    return f"* [{listed.day}]({digest_file(listed.day)}): {papers}{shown}{incomplete}"
