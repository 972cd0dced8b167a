"""What an answer of arXiv means by its status: one table.

Since September 2026 arXiv's edge sheds load with 406 as well as 429, whatever the request is, and
its API answers 5xx to some requests that can never work. So a status is an arXiv that cannot answer
now, unless it is one of the few that repeating cannot change.
"""

from __future__ import annotations

from collections.abc import Container
from enum import Enum, auto
from typing import Final, NamedTuple
from urllib.parse import urlsplit


class Kind(Enum):
    """What to do about an answer."""

    ANSWER = auto()
    """The body is what was asked for, if it is arXiv's Atom or OAI."""
    LATER = auto()
    """arXiv cannot answer now: pause, repeat, take the second route."""
    REFUSED = auto()
    """arXiv says that the request is wrong: repeating cannot help."""
    BLOCKED = auto()
    """arXiv took the program for a robot: stop at once."""
    MOVED = auto()
    """Another address is named; nobody but the configured hosts is asked."""
    NOWHERE = auto()
    """The configured address is not one of arXiv's interfaces."""


class Row(NamedTuple):
    """A row of the table. None in a condition means that it does not matter."""

    statuses: Container[int]
    kind: Kind
    #: Whether the body is arXiv's own error.
    is_own: bool | None = None
    #: Whether the path of the address is one of arXiv's.
    is_known_path: bool | None = None


#: The paths of arXiv's two interfaces (https://info.arxiv.org/help/api, …/help/oa).
PATHS: Final = frozenset({"/api/query", "/oai", "/oai2"})

#: The first row that fits counts.
TABLE: Final = (
    Row({200}, Kind.ANSWER),
    Row({400}, Kind.REFUSED, is_own=True),
    Row({403}, Kind.BLOCKED),
    Row({301, 302, 303, 307, 308}, Kind.MOVED),
    Row({413, 414}, Kind.REFUSED),
    Row({404}, Kind.NOWHERE, is_known_path=False),
    # Among them 400 of a web server, 404 of arXiv's API, 406, 408, 425, 429 and all 5xx.
    Row(range(1000), Kind.LATER),
)


def kind_of(status: int, url: str, *, is_own: bool) -> Kind:
    """What an answer with this status from this address is; `is_own` if it is arXiv's error."""
    is_known_path = urlsplit(url).path.rstrip("/") in PATHS
    return next(
        row.kind
        for row in TABLE
        if status in row.statuses
        and row.is_own in (None, is_own)
        and row.is_known_path in (None, is_known_path)
    )
