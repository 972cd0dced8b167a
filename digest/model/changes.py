"""How digests change: as a rebuild makes them again, and as an edit of the keywords would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from digest.model import Marked


@dataclass(frozen=True, slots=True)
class PaperName:
    """A paper by its id with version, and its title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Rebadged:
    """A paper that stays in its digest, and the words that gain or lose a badge in it."""

    id: str
    title: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByteChange:
    """A file's size before and after, and the first line that differs, from 1."""

    before: int
    after: int
    line: int


@dataclass(frozen=True, slots=True)
class DigestChange:
    """How one digest changes when it is made again.

    `action` is "written" (the file is missing), "rewritten" or "unchanged"; `papers` are those in
    it afterwards; `reordered` says that those that stay stand in another order; `bytes` is there
    where these do not show everything, as after an edit of the template.
    """

    day: date
    path: Path
    action: str
    papers: int
    came: tuple[PaperName, ...] = ()
    went: tuple[PaperName, ...] = ()
    badges: tuple[Rebadged, ...] = ()
    bytes: ByteChange | None = None
    note: str = ""
    reordered: bool = False


@dataclass(frozen=True, slots=True)
class RebuildTotals:
    """What was counted over all digests of a rebuild.

    Digests are counted by `digests`, `changed` and `reordered`, papers by all else.
    """

    digests: int = 0
    changed: int = 0
    came: int = 0
    went: int = 0
    rebadged: int = 0
    reordered: int = 0

    def plus(self, change: DigestChange) -> RebuildTotals:
        """The totals with one more digest."""
        return RebuildTotals(
            self.digests + 1,
            self.changed + (change.action != "unchanged"),
            self.came + len(change.came),
            self.went + len(change.went),
            self.rebadged + len(change.badges),
            self.reordered + change.reordered,
        )


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """The digests that a rebuild changes, or with `--diff` would change; days ascend."""

    changed: tuple[DigestChange, ...]
    totals: RebuildTotals


@dataclass(frozen=True, slots=True)
class PaperMove:
    """A paper that comes to a digest or goes, with the sentence that shows why.

    It is the one with the word that an edit touches, else that of the first badges; empty where
    the title has the word. The badges are those of the digest that has the paper.
    """

    id: str
    title: str
    sentence: Marked


@dataclass(frozen=True, slots=True)
class DayEffect:
    """What other keywords, or another style, would do to one digest.

    `before` and `after` are the papers in it, None where only what changes was looked at and the
    digest was written with yet other keywords. `has_more` says that the lists are not complete:
    badges get another colour, or texts another form.
    """

    day: date
    before: int | None
    after: int | None
    came: tuple[PaperMove, ...] = ()
    went: tuple[PaperMove, ...] = ()
    badges: tuple[Rebadged, ...] = ()
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit would do to every digest of a range, also to those that stay; days ascend."""

    days: tuple[DayEffect, ...]

    @property
    def came(self) -> int:
        """How many papers come."""
        return sum(len(day.came) for day in self.days)

    @property
    def went(self) -> int:
        """How many papers go."""
        return sum(len(day.went) for day in self.days)

    @property
    def rebadged(self) -> int:
        """How many papers stay and have other badges."""
        return sum(len(day.badges) for day in self.days)
