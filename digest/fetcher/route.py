"""A way to arXiv's papers: what a run needs of each of arXiv's two interfaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from digest.fetcher.document import Rejected
from digest.model import Paper, PaperId, Source, Window

#: The papers of one page; called once a page, before the next one is asked for.
Store = Callable[[Sequence[Paper]], None]


@dataclass(frozen=True, slots=True)
class WindowRead:
    """What reading a window came to: arXiv's total and the distinct papers that came.

    `unreadable` says where papers stand that arXiv could not serve, and `rejected` why an entry is
    no usable paper; they are missing. Where arXiv tells no total, it is what came.
    """

    total: int
    received: int
    unreadable: tuple[str, ...]
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class IdsRead:
    """What asking for ids came to: which ones arXiv did not return, and which it cannot serve.

    `unreadable` holds those that came as an unusable entry, too; `rejected` says why.
    """

    missing: tuple[PaperId, ...]
    unreadable: tuple[PaperId, ...]
    rejected: tuple[Rejected, ...]


class Route(Protocol):
    """Reads windows, edges and ids of one scope. Every method raises FetchError."""

    @property
    def source(self) -> Source:
        """Which interface it asks."""

    @property
    def batch(self) -> int:
        """The most ids to ask for at once."""

    def read_window(self, window: Window, store: Store) -> WindowRead:
        """Read every paper of a window; what came before an error is stored."""

    def read_edge(self, window: Window, most: int, *, newest: bool) -> list[Paper]:
        """So many papers of all of arXiv at the newest or the oldest end of a window."""

    def read_ids(
        self, ids: Sequence[PaperId], store: Store, *, witness: PaperId | None = None
    ) -> IdsRead:
        """Ask for papers by id; `witness` is one that arXiv gave before."""
