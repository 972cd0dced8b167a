"""A digest of papers that a matcher kept, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from digest.matcher import Match
from digest.model import SOURCE, Digest, Paper, Period, Style
from digest.writer.editions import assemble
from digest.writer.order import NewestFirst


def compose(day: date, kept: Iterable[tuple[Paper, Match]], style: Style = SOURCE) -> Digest:
    """The digest of a day."""
    return assemble(Period(day, frozenset()), kept, NewestFirst(), style).digest
