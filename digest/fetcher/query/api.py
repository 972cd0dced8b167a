"""arXiv's query API: questions, and pages that are checked against what arXiv says it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from digest.fetcher.connection import Connection
from digest.fetcher.query.atom import Page, error_message, parse_page
from digest.model.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Question:
    """What one request asks: a query, ids, or both (then papers must satisfy both).

    Results come by submission of the first version; ties are in no order.
    """

    query: str = ""
    ids: tuple[str, ...] = ()
    start: int = 0
    size: int = 1
    newest_first: bool = False

    def parameters(self) -> dict[str, str]:
        """As arXiv's interface names them."""
        parameters = {"search_query": self.query} if self.query else {}
        if self.ids:
            parameters["id_list"] = ",".join(self.ids)
        return parameters | {
            "start": str(self.start),
            "max_results": str(self.size),
            "sortBy": "submittedDate",
            "sortOrder": "descending" if self.newest_first else "ascending",
        }


class QueryApi:
    """Asks one question over a connection and returns a checked page, or raises FetchError."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._connection.requests

    def ask(self, choose: Callable[[int, Unavailable | None], Question]) -> Page:
        """Ask until it is answered, as often as the connection tries.

        `choose` gives the question of each attempt from its number, 1 for the first, and the
        failure before it. Raises Unavailable after the last attempt, Blocked and Refused at once.
        """
        return self._connection.repeat(lambda attempt, failure: self.once(choose(attempt, failure)))

    def once(self, question: Question) -> Page:
        """Ask once, and return a checked page. Raises FetchError."""
        page = parse_page(self._connection.send(question.parameters(), error_message))
        promised = max(0, min(question.size, page.total - question.start))
        if page.entries < promised:
            raise Unavailable(
                f"arXiv's answer is short: {page.entries} of {promised} papers "
                f"(it has {page.total} in all)"
            )
        return page
