"""Which digests are to be sent to whom: a pure function of what was written and what was sent.

A receiver gets every digest from the one that was the newest when it was first sent something, or
was first to be. So nobody who is added gets a year of old digests, and what was not accepted is
sent later. What joins a digest after it was sent is sent on its own, once. What is older than
`oldest` is not sent any more, and a digest without papers never.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from digest.archive import DigestRecord, SentPapers

#: A digest and the names of those to send it to.
Due = tuple[DigestRecord, tuple[str, ...]]

#: A digest day and the name of somebody to whom it was sent.
Sent = tuple[date, str]


def first_for_new(records: Sequence[DigestRecord]) -> date | None:
    """The digest day with which somebody new begins; None if there is none yet."""
    return max((record.period.day for record in records if record.papers), default=None)


#: A digest, the base ids of papers that joined it, and the names of those to send them to.
Addition = tuple[DigestRecord, frozenset[str], tuple[str, ...]]


def additions(
    records: Sequence[DigestRecord],
    names: Iterable[str],
    sent: Mapping[Sent, SentPapers],
    oldest: date,
) -> list[Addition]:
    """What joined digests after they were sent, in the order of `records`.

    Only what the same keywords found: who edits them reads the digests anew. Nobody gets a paper
    that came with another digest.
    """
    found = []
    has: dict[str, set[str]] = {}
    for (_, name), papers in sent.items():
        has.setdefault(name, set()).update(papers.ids)
    for record in records:
        to: dict[frozenset[str], list[str]] = {}
        for name in names:
            before = sent.get((record.period.day, name))
            if before and before.made_with == record.made_with and record.period.day >= oldest:
                to.setdefault(frozenset(record.shown or ()) - has[name], []).append(name)
        found += [(record, papers, tuple(who)) for papers, who in to.items() if papers]
    return found


def due(
    records: Sequence[DigestRecord],
    begins: Mapping[str, date],
    sent: Set[Sent],
    oldest: date,
) -> list[Due]:
    """What is to be sent, in the order of `records`; `begins` has the first day of each name."""
    found = []
    for record in records:
        day = record.period.day
        names = tuple(
            name
            for name, begin in begins.items()
            if max(begin, oldest) <= day and (day, name) not in sent
        )
        if names and record.papers:
            found.append((record, names))
    return found
