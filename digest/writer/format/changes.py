"""What a reader would notice between two makes of the same digest."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import date

from digest.model import Badge, Digest, Entry, PaperId
from digest.writer.format.badges import plain


@dataclass(frozen=True, slots=True)
class BadgeChange:
    """A paper of both digests, and the words that are badges in one of them only."""

    entry: Entry
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DigestChanges:
    """The papers that come, that go, and that have other badges, each in digest order.

    `reordered` tells that the papers of both stand in another order, `has_more` that this is not
    all: papers have another text, or badges another colour or place.
    """

    came: tuple[Entry, ...]
    went: tuple[Entry, ...]
    badges: tuple[BadgeChange, ...]
    has_more: bool
    reordered: bool = False


def digest_changes(old: Digest | None, new: Digest) -> DigestChanges:
    """How a digest differs from an older make of it; with none, all its papers come.

    A paper is known by its id, whatever its version.
    """
    if old is None:
        return DigestChanges(new.entries, (), (), has_more=False)
    before, after = _by_paper(old), _by_paper(new)
    both = before.keys() & after.keys()
    badges = tuple(_badge_changes(before, after))
    return DigestChanges(
        came=tuple(entry for paper, entry in after.items() if paper not in before),
        went=tuple(entry for paper, entry in before.items() if paper not in after),
        badges=badges,
        has_more=_rest(old, both, badges) != _rest(new, both, badges),
        reordered=[one for one in before if one in both] != [one for one in after if one in both],
    )


def paper_name(entry: Entry) -> str:
    """A paper's id as its link has it: `2511.21669v1`, in the clean style `2511.21669`."""
    return entry.url.rpartition("/abs/")[2]


def _by_paper(digest: Digest) -> dict[str, Entry]:
    return {_paper(entry): entry for entry in digest.entries}


def _paper(entry: Entry) -> str:
    try:
        return PaperId.parse(entry.url).base
    except ValueError:  # somebody wrote the link by hand
        return entry.url


def _badge_changes(before: dict[str, Entry], after: dict[str, Entry]) -> Iterator[BadgeChange]:
    for paper, entry in after.items():
        if paper in before:
            had, has = _words(before[paper]), _words(entry)
            gained = tuple(word for word in has if word not in had)
            lost = tuple(word for word in had if word not in has)
            if gained or lost:
                yield BadgeChange(entry, gained, lost)


def _words(entry: Entry) -> list[str]:
    """The texts of a paper's badges, each once, in reading order."""
    pieces = (*entry.authors, *entry.abstract)
    badges = (piece.text for piece in pieces if isinstance(piece, Badge))
    return list(dict.fromkeys(badges))


def _without_badges(entry: Entry) -> Entry:
    return replace(entry, authors=entry.names, abstract=(plain(entry.abstract),))


def _rest(
    digest: Digest, both: Set[str], badges: tuple[BadgeChange, ...]
) -> tuple[date, list[Entry]]:
    """What is left of a digest but for papers that come or go, other badges, and the order."""
    changed = {_paper(change.entry) for change in badges}
    entries = [
        _without_badges(entry) if _paper(entry) in changed else entry
        for entry in sorted(digest.entries, key=_paper)
        if _paper(entry) in both
    ]
    return digest.day, entries
