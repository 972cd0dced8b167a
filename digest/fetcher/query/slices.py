"""Reading a long list of results in pages that shrink where arXiv cannot serve them.

One paper with a character that arXiv cannot write makes a 500 of every page it is on, and an
overloaded arXiv serves small pages where it fails large ones. So a page that fails is halved, down
to the single paper; and that one counts as a paper that cannot be served only when it fails again
between two answers that show that arXiv is up.
"""

from __future__ import annotations

from collections.abc import Callable

from digest.fetcher.query.api import QueryApi, Question
from digest.fetcher.query.atom import Page
from digest.model.errors import Unavailable

#: part(start, size): the question for a part of the list
Part = Callable[[int, int], Question]


class SliceReader:
    """Reads lists page by page; the page size is halved by failures and doubled by successes."""

    def __init__(self, api: QueryApi, *, page_size: int) -> None:
        self._api = api
        self._largest = page_size
        self._size = page_size

    def read(self, part: Part, start: int, most: int) -> tuple[Page, int] | None:
        """The page at `start` of at most `most` results, and how many were asked for.

        None if arXiv is up but cannot serve the one paper at `start`. Raises FetchError.
        """
        size = min(most, self._size)

        def choose(_: int, failure: Unavailable | None) -> Question:
            nonlocal size
            if failure is not None and failure.too_large:
                size = self._size = max(1, size // 2)
            return part(start, size)

        try:
            page = self._api.ask(choose)
        except Unavailable as failure:
            if not failure.too_large:
                raise
            found = self._isolate(part, start, size, failure)
        else:
            found = page, size
        self._size = min(self._largest, max(self._size, 2 * (found[1] if found else 1)))
        return found

    def _isolate(
        self, part: Part, start: int, size: int, failure: Unavailable
    ) -> tuple[Page, int] | None:
        """Go on halving what has failed as often as anything is tried, while arXiv is up.

        Other papers of the list show whether it is. Raises `failure` if not.
        """
        if not self._is_up(part, start, size):
            raise failure
        while True:
            size = self._size = max(1, size // 2)
            page = self._once(part, start, size)
            if page:
                return page, size
            if size == 1:
                break
        if not self._is_up(part, start, 1):
            raise failure
        page = self._once(part, start, 1)
        return (page, 1) if page else None

    def _is_up(self, part: Part, start: int, size: int) -> bool:
        """Whether arXiv serves another place of the list: the one behind these, or before."""
        return self._once(part, start + size, 1) is not None or (
            start > 0 and self._once(part, start - 1, 1) is not None
        )

    def _once(self, part: Part, start: int, size: int) -> Page | None:
        """One try; None if it fails."""
        try:
            return self._api.once(part(start, size))
        except Unavailable:
            return None
