"""Reading a long list of results in pages that shrink where arXiv cannot serve them.

One paper with a character that arXiv cannot write makes a 500 of every page it is on, and an
overloaded arXiv serves small pages where it fails large ones. So a page that fails is halved; if
that does not help, two single papers tell an arXiv that is down from a paper that cannot be served.
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

    def __init__(self, api: QueryApi, *, page_size: int, attempts: int) -> None:
        self._api = api
        self._largest = page_size
        self._size = page_size
        self._attempts = attempts

    def read(self, part: Part, start: int, most: int) -> tuple[Page, int] | None:
        """The page at `start` of at most `most` results, and how many were asked for.

        None if arXiv is up but cannot serve the one paper at `start`. Raises FetchError.
        """
        place, size = start, min(most, self._size)

        def choose(attempt: int, failure: Unavailable | None) -> Question:
            nonlocal place, size
            if failure is not None and failure.too_large:
                size = self._size = max(1, size // 2)
                left = self._attempts - attempt
                if left <= 1 and self._attempts > 2:
                    place, size = start + 1 - left, 1
            return part(place, size)

        page = self._api.ask(choose)
        self._size = min(self._largest, max(self._size, 2 * size))
        return (page, size) if place == start else None
