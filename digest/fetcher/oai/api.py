"""arXiv's OAI-PMH interface: whole lists of records, page after page, and single records.

A list is that of the days on which arXiv last touched a record: new papers carry the day of their
announcement, others that of their newest version or of an edit. A record touched while a list is
read moves to the list's end and can push another one over a page's border; a list is therefore no
proof of completeness, the id sequence is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final, TypeVar

from digest.fetcher.connection import Connection
from digest.fetcher.document import Rejected
from digest.fetcher.oai.records import (
    Header,
    OaiRefusal,
    Page,
    Record,
    parse_headers,
    parse_identity,
    parse_records,
)
from digest.model.errors import Unavailable

_T = TypeVar("_T")

#: No record is older; arXiv refuses to look before this day.
EARLIEST: Final = date(2005, 9, 16)

_FORMAT: Final = "arXivRaw"

#: A list that is broken off so often is left to the next run.
_MOST_RESTARTS: Final = 3

#: All of arXiv has 3,000 pages; an arXiv that sends more sends the same ones for ever.
_MOST_PAGES: Final = 10_000


class OaiApi:
    """Reads lists and records over a connection, or raises FetchError."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._connection.requests

    def records(self, first: date, last: date) -> Iterator[Record | Rejected]:
        """Every work touched from `first` to `last` (UTC, both included), in its newest version.

        Each comes once, unless arXiv touches it between two pages. `last` must not be in the
        future: arXiv refuses that. Nothing at all may also be an early or a broken answer.
        """
        yield from self._list("ListRecords", first, last, parse_records, _record_key)

    def identifiers(self, first: date, last: date) -> Iterator[Header | Rejected]:
        """The same works by their ids alone, 20,000 a request."""
        yield from self._list("ListIdentifiers", first, last, parse_headers, _header_key)

    def identify(self) -> dict[str, str]:
        """What the interface says of itself: its version, its earliest day and so on."""
        return self._connection.repeat(
            lambda _, __: parse_identity(self._connection.send({"verb": "Identify"}))
        )

    def record(self, base: str) -> Record | Rejected | None:
        """One work in its newest version; None if arXiv does not have it."""
        parameters = {
            "verb": "GetRecord",
            "identifier": f"oai:arXiv.org:{base}",
            "metadataPrefix": _FORMAT,
        }
        try:
            page = self._ask(parameters, lambda body: parse_records(body, "GetRecord"))
        except OaiRefusal as refusal:
            if refusal.code == "idDoesNotExist":
                return None
            raise
        if page.rejected:
            return page.rejected[0]
        found = page.items[0]
        if found.paper.id != base:
            raise Unavailable(f"arXiv was asked for {base} and answered {found.paper.id}")
        return found

    def _list(
        self,
        verb: str,
        first: date,
        last: date,
        parse: Callable[[bytes], Page[_T]],
        key: Callable[[_T], tuple[str, date]],
    ) -> Iterator[_T | Rejected]:
        """Everything of a list, begun again where arXiv no longer goes on with it."""
        start = {
            "verb": verb,
            "metadataPrefix": _FORMAT,
            "from": max(first, EARLIEST).isoformat(),
            "until": last.isoformat(),
        }
        seen: set[tuple[str, date] | str] = set()
        for _ in range(_MOST_RESTARTS + 1):
            try:
                for page in self._pages(start, parse):
                    for item in page.items:
                        if key(item) not in seen:
                            seen.add(key(item))
                            yield item
                    for entry in page.rejected:
                        if entry.id not in seen:
                            seen.add(entry.id)
                            yield entry
            except _BrokenOff:
                continue
            return
        raise Unavailable(f"arXiv broke off a list {_MOST_RESTARTS + 1} times")

    def _pages(
        self, start: Mapping[str, str], parse: Callable[[bytes], Page[_T]]
    ) -> Iterator[Page[_T]]:
        """The pages of a list; none for an empty one. Raises _BrokenOff in the middle of it."""
        parameters, tokens = dict(start), set[str]()
        for _ in range(_MOST_PAGES):
            try:
                page = self._ask(parameters, parse)
            except OaiRefusal as refusal:
                if tokens and refusal.code in ("badResumptionToken", "noRecordsMatch"):
                    # The token has expired, or what was left of the list has moved elsewhere.
                    raise _BrokenOff from refusal
                if refusal.code == "noRecordsMatch":
                    return
                raise
            yield page
            if page.token is None:
                return
            if page.token in tokens:
                raise Unavailable(f"arXiv's list goes in circles at {page.token!r}")
            tokens.add(page.token)
            parameters = {"verb": start["verb"], "resumptionToken": page.token}
        raise Unavailable(f"arXiv's list has no end: {_MOST_PAGES:,} pages")

    def _ask(self, parameters: Mapping[str, str], parse: Callable[[bytes], Page[_T]]) -> Page[_T]:
        return self._connection.repeat(lambda _, __: parse(self._connection.send(parameters)))


class _BrokenOff(Exception):
    """A list that arXiv does not go on with."""


def _record_key(record: Record) -> tuple[str, date]:
    return record.paper.id, record.datestamp


def _header_key(header: Header) -> tuple[str, date]:
    return header.id, header.datestamp
