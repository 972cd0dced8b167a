"""A paper to be matched, and what was found in it."""

from __future__ import annotations

from datetime import UTC, datetime

from digest.matcher import Matcher
from digest.model import Badge, Paper


def paper(abstract: str, title: str = "A title", categories: tuple[str, ...] = ("cs.CL",)) -> Paper:
    moment = datetime(2025, 11, 26, tzinfo=UTC)
    return Paper("2511.00001", 1, "", title, abstract, ("A",), categories, moment, moment)


def marks(matcher: Matcher, abstract: str) -> list[str]:
    """The abstract with its badges in brackets."""
    match = matcher.match(paper(abstract))
    assert match
    return ["[" + p.text + "]" if isinstance(p, Badge) else p for p in match.abstract]


def badges(matcher: Matcher, abstract: str) -> list[str]:
    match = matcher.match(paper(abstract))
    return [piece.text for piece in match.abstract if isinstance(piece, Badge)] if match else []
