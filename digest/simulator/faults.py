"""What can go wrong with arXiv, as a script of faults.

    Fault.status(503, times=2, retry_after=5)
    Fault.empty_page(when=lambda params: params.get("start") == "1000")
    Fault.poison("2511.20345")

Every fault takes `times` (None: for ever), `after` (from which request on, counted from 0) and
`when` (only requests whose parameters fulfil it). A fault is spent when it shows: one that changes
nothing in an answer waits for the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, NoReturn, TypedDict, Unpack
from zlib import crc32

import httpx

from digest.fetcher.calendar import public_at
from digest.simulator.atom import BrokenPage, Page, error_feed

ATOM: Final = "application/atom+xml; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"

_BODIES: Final = {
    429: ("text/plain", "Rate exceeded."),
    403: (
        HTML,
        "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>"
        "<p>Our automatic robot detection has blocked your address.</p></body></html>",
    ),
    503: (HTML, "<html><body><h1>Error 503 first byte timeout</h1></body></html>"),
}


class Dripping(httpx.ReadTimeout):
    """An answer that comes byte by byte, after its `start`."""

    def __init__(
        self, message: str, *, request: httpx.Request | None = None, start: bytes = b""
    ) -> None:
        super().__init__(message, request=request)
        self.start = start


class When(TypedDict, total=False):
    """When a fault shows; the module tells what the words mean."""

    times: int | None
    after: int
    when: Callable[[Mapping[str, str]], bool] | None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, at one of four places on the way to an answer.

    `instead` answers in arXiv's place, `hides` keeps works out of the index (told their base id,
    their announcement day and the moment), and out of OAI-PMH unless it is `index_only`, `page`
    changes what was found, `body` the feed.
    """

    name: str
    times: int | None = 1
    after: int = 0
    when: Callable[[Mapping[str, str]], bool] | None = None
    instead: Callable[[httpx.Request, datetime], httpx.Response] | None = None
    hides: Callable[[str, date, datetime], bool] | None = None
    index_only: bool = False
    page: Callable[[Page], Page] | None = None
    body: Callable[[bytes], bytes] | None = None

    @classmethod
    def status(cls, code: int, *, retry_after: int | None = None, **when: Unpack[When]) -> Fault:
        """A status with arXiv's words for it: 429, 403 and 503 are known, others are plain."""
        kind, text = _BODIES.get(code, ("text/plain", f"{code}"))
        headers = {"Content-Type": kind}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)

        def answer(_: httpx.Request, __: datetime) -> httpx.Response:
            return httpx.Response(code, headers=headers, content=text.encode())

        return cls(f"status {code}", instead=answer, **when)

    @classmethod
    def moved(cls, **when: Unpack[When]) -> Fault:
        """301 to the same address by https, as arXiv answers to http."""

        def answer(request: httpx.Request, _: datetime) -> httpx.Response:
            return httpx.Response(
                301, headers={"Location": str(request.url.copy_with(scheme="https"))}
            )

        return cls("moved", instead=answer, **when)

    @classmethod
    def text(cls, text: str, *, kind: str = HTML, **when: Unpack[When]) -> Fault:
        """200 with a body that is no feed: blank, or HTML."""

        def answer(_: httpx.Request, __: datetime) -> httpx.Response:
            return httpx.Response(200, headers={"Content-Type": kind}, content=text.encode())

        return cls("text", instead=answer, **when)

    @classmethod
    def error_entry(
        cls, message: str = "try again later", *, code: int = 200, **when: Unpack[When]
    ) -> Fault:
        """An error feed, with 200 as some clients of the old interface report it."""

        def answer(_: httpx.Request, moment: datetime) -> httpx.Response:
            link = f"https://arxiv.org/api/errors#{message.replace(' ', '_')}"
            body = error_feed(message, link, moment)
            return httpx.Response(code, headers={"Content-Type": ATOM}, content=body)

        return cls("error entry", instead=answer, **when)

    @classmethod
    def reset(cls, **when: Unpack[When]) -> Fault:
        """The connection is reset: httpx.ReadError."""
        return cls("reset", instead=_raising(httpx.ReadError, "connection reset by peer"), **when)

    @classmethod
    def hang(cls, **when: Unpack[When]) -> Fault:
        """No answer ever comes: httpx.ReadTimeout."""
        return cls("hang", instead=_raising(httpx.ReadTimeout, "no answer"), **when)

    @classmethod
    def drip(cls, start: bytes = b"", **when: Unpack[When]) -> Fault:
        """After a start, byte after byte without an end: on a socket no read ever times out."""

        def answer(request: httpx.Request, _: datetime) -> NoReturn:
            raise Dripping("no end", request=request, start=start)

        return cls("drip", instead=answer, **when)

    @classmethod
    def cut_off(cls, **when: Unpack[When]) -> Fault:
        """The connection closes in the middle of the body: httpx.RemoteProtocolError."""
        error = httpx.RemoteProtocolError
        return cls("cut off", instead=_raising(error, "closed within the body"), **when)

    @classmethod
    def stale(
        cls,
        until: datetime,
        *,
        hours: float = 24.0,
        ids: Collection[str] | None = None,
        index_only: bool = False,
        **when: Unpack[When],
    ) -> Fault:
        """Works are missing from all answers until a moment, or from the query API's only.

        They are those of the given base ids, else those made public in the last `hours` hours.
        """

        def hides(base: str, day: date, moment: datetime) -> bool:
            recent = moment - public_at(day) < timedelta(hours=hours)
            return moment < until and (recent if ids is None else base in ids)

        return cls("stale", hides=hides, index_only=index_only, **_lasting(when))

    @classmethod
    def lost_shard(cls, until: datetime, *, parts: int = 3, **when: Unpack[When]) -> Fault:
        """One of so many parts of the query API's index is lost until a moment.

        Pages and totals agree with each other; OAI-PMH has all.
        """

        def hides(base: str, _: date, moment: datetime) -> bool:
            return moment < until and crc32(base.encode()) % parts == 0

        return cls("lost shard", hides=hides, index_only=True, **_lasting(when))

    @classmethod
    def empty_page(cls, **when: Unpack[When]) -> Fault:
        """No entries, though the total says that there are some."""
        return cls("empty page", page=lambda page: replace(page, papers=()), **when)

    @classmethod
    def outage(cls, **when: Unpack[When]) -> Fault:
        """An empty answer: no entries, total 0."""
        return cls("outage", page=lambda page: replace(page, papers=(), total=0), **when)

    @classmethod
    def moving_total(cls, by: int = 1, **when: Unpack[When]) -> Fault:
        """A total that is off by so many papers, as if some had come or gone since."""
        return cls("moving total", page=lambda page: replace(page, total=page.total + by), **when)

    @classmethod
    def short_page(cls, missing: int = 1, **when: Unpack[When]) -> Fault:
        """The last entries of a page are missing."""
        return cls(
            "short page", page=lambda page: replace(page, papers=page.papers[:-missing]), **when
        )

    @classmethod
    def duplicate(cls, **when: Unpack[When]) -> Fault:
        """The first paper of a page stands in the place of the last one as well."""

        def double(page: Page) -> Page:
            return replace(page, papers=page.papers[:-1] + page.papers[:1])

        return cls("duplicate", page=double, **when)

    @classmethod
    def poison(cls, base: str, **when: Unpack[When]) -> Fault:
        """A work that breaks every page that it is on: 500. For ever, if not told otherwise."""

        def fail(page: Page) -> Page:
            if any(paper.id == base for paper in page.papers):
                raise BrokenPage
            return page

        return cls(f"poison {base}", page=fail, **_lasting(when))

    @classmethod
    def truncated(cls, **when: Unpack[When]) -> Fault:
        """The second half of the feed is missing, in an answer that is complete as HTTP."""
        return cls("truncated", body=lambda body: body[: len(body) // 2], **when)

    @classmethod
    def undated(cls, base: str = "", **when: Unpack[When]) -> Fault:
        """An entry has no `published`: that of a base id, else the first one."""
        dated = re.compile(
            rb"(<id>http://arxiv\.org/abs/%b.*?)    <published>[^<]*</published>\n"
            % re.escape(base).encode(),
            re.DOTALL,
        )
        return cls("undated", body=lambda body: dated.sub(rb"\1", body, count=1), **when)

    @classmethod
    def renamed(cls, old: str, new: str, **when: Unpack[When]) -> Fault:
        """An element has another name, as after a change of the interface."""
        tag = re.compile(rf"(?<=<)(/?){re.escape(old)}(?=[ />])".encode())
        return cls("renamed", body=lambda body: tag.sub(rb"\1" + new.encode(), body), **when)


def _lasting(when: When) -> When:
    return {"times": None, **when}


def _raising(
    error: type[httpx.TransportError], message: str
) -> Callable[[httpx.Request, datetime], httpx.Response]:
    def answer(request: httpx.Request, _: datetime) -> NoReturn:
        raise error(message, request=request)

    return answer
