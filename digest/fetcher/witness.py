"""What a list of ids shows that does not come from arXiv's index. Pure.

arXiv's index may lag, or lose a part, and then agrees with itself. OAI-PMH lists the ids of a day
from another database: where its list is whole, it has every known id of the day, and its highest
one is the day's last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from fnmatch import fnmatchcase

from digest.fetcher.oai.records import Header
from digest.model import sequence_of

#: So many ids of a list are asked of the index, to see whether it has them all.
SAMPLE = 200


def last_listed(headers: Iterable[Header], after: int, known: Set[int]) -> int | None:
    """The highest id of a day's list; None if the list lacks one that is known.

    `after` is the place before the day's first id: revised works are listed, too.
    """
    listed = _places(headers, after)
    return max(listed) if listed and known <= listed else None


def in_scope(
    headers: Iterable[Header], after: int, categories: Sequence[str], stored: Set[int]
) -> set[str]:
    """The new ids of a list that have one of these categories, and that the archive lacks."""
    return {
        header.id
        for header in headers
        if (sequence_of(header.id) or 0) > after
        and not header.deleted
        and sequence_of(header.id) not in stored
        and any(fnmatchcase(one, wanted) for one in header.categories for wanted in categories)
    }


def sample(headers: Iterable[Header], after: int) -> list[str]:
    """Some new ids of a list, spread over it evenly, its last ones among them."""
    ids = sorted(
        header.id
        for header in headers
        if (sequence_of(header.id) or 0) > after and not header.deleted
    )
    top = ids[-SAMPLE // 2 :]
    rest = ids[: -SAMPLE // 2]
    step = max(1, -(-len(rest) // (SAMPLE // 2)))
    return [*rest[::step], *top]


def _places(headers: Iterable[Header], after: int) -> set[int]:
    places = (sequence_of(header.id) for header in headers)
    return {place for place in places if place is not None and place > after}
