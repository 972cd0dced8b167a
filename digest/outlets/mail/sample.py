"""A short edition of invented papers, to try receivers with."""

from __future__ import annotations

from datetime import datetime

from digest.matcher import Match
from digest.model import CLEAN, Badge, Marked, Paper, Period
from digest.outlets.mail.words import TEST
from digest.writer.editions import Edition, assemble
from digest.writer.format.badges import plain
from digest.writer.order import NewestFirst

_BADGE = Badge("keywords", "F08080")

_PAPERS: tuple[tuple[str, tuple[str, ...], Marked], ...] = (
    (
        "This is a test: digests arrive here",
        ("A. Nobody", "B. Noone"),
        (
            "Words that are ",
            _BADGE,
            " look like this one. Below a title are authors, date and links, as in every digest.",
        ),
    ),
    (
        "What <b>strangers</b> write & how it is shown: as $\\text{text}$",
        ("C. Nemo",),
        (
            "A title may hold whatever its authors like, and so may what surrounds ",
            _BADGE,
            ". It is read as it was written, and does nothing.",
        ),
    ),
)


def sample(now: datetime) -> Edition:
    """The edition of a moment's day. Its papers have ids that arXiv never gives."""
    day = now.date()
    papers = [
        (
            Paper(
                id=f"0000.{number:05d}",
                version=1,
                url=f"http://arxiv.org/abs/0000.{number:05d}v1",
                title=title,
                abstract=plain(abstract),
                authors=authors,
                categories=("cs.DL",),
                published=now,
                updated=now,
            ),
            Match(("test",), abstract),
        )
        for number, (title, authors, abstract) in enumerate(_PAPERS, start=1)
    ]
    return assemble(Period.of(day), papers, NewestFirst(), CLEAN, TEST)
