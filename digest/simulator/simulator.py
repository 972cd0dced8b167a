"""The simulated arXiv: requests in, answers out, everything public by the clock it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final, TypeVar

import httpx

from digest.model import Paper
from digest.simulator.atom import BrokenPage, Page, error_feed, feed
from digest.simulator.corpus import Corpus
from digest.simulator.documents import Document
from digest.simulator.faults import ATOM, HTML, Fault
from digest.simulator.llm import LanguageModel
from digest.simulator.oai import KIND, Limits, Repository
from digest.simulator.oai_listing import BEHIND
from digest.simulator.query import parse
from digest.simulator.request import ERRORS, Overload, Question, Refusal, pairs_of, params_of
from digest.simulator.rss import KIND as RSS
from digest.simulator.rss import rss
from digest.simulator.search import Index, View, horizon
from digest.simulator.terms import BrokenQuery

_T = TypeVar("_T")

_INTERNAL: Final = (
    "The server encountered an internal error and was unable to complete your request."
    " Either the server is overloaded or there is an error in the application."
)
_NOT_FOUND: Final = (
    "The requested URL was not found on the server."
    " If you entered the URL manually please check your spelling and try again."
)
_NOT_ALLOWED: Final = "The method is not allowed for the requested URL."

#: The longest request line that arXiv's server reads.
_LONGEST_LINE: Final = 4094
_TOO_LONG: Final = (
    "<html><head><title>Bad Request</title></head>"
    "<body><h1>Bad Request</h1><p>Request line is too large</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what became of it. `status` is None where no answer was given."""

    method: str
    params: dict[str, str]
    status: int | None
    entries: int
    total: int
    moment: datetime


@dataclass(slots=True)
class _Armed:
    fault: Fault
    left: int | None

    def shows(self, number: int, params: dict[str, str]) -> bool:
        fault = self.fault
        return self.left != 0 and number >= fault.after and (not fault.when or fault.when(params))

    def spend(self) -> None:
        if self.left is not None:
            self.left -= 1


class Simulator:
    """arXiv over a corpus: what is public by `now()`, with faults by script.

    The query API is at `/api/query`, OAI-PMH at `/oai`, RSS of the last day below `/rss/`, and a
    language model, `llm`, at `/v1`.
    `lag` is how long after an announcement the index shows it, `seed` rules the order of equal sort
    keys, which differs from request to request, `limits` are those of OAI-PMH's pages. Every
    exchange with arXiv is in `log`.
    """

    def __init__(
        self,
        corpus: Corpus,
        *,
        now: Callable[[], datetime],
        seed: int = 0,
        faults: Iterable[Fault] = (),
        lag: timedelta = timedelta(0),
        limits: Limits = Limits(),  # noqa: B008  it is frozen
    ) -> None:
        self.log: list[Exchange] = []
        self.llm = LanguageModel()
        self._index = Index(corpus)
        self._repository = Repository(corpus, limits)
        self._now = now
        self._seed = seed
        self._lag = lag
        self._script: list[_Armed] = []
        self.fail(*faults)

    def fail(self, *faults: Fault) -> None:
        """Add faults to the script."""
        self._script += [_Armed(fault, fault.times) for fault in faults]

    def transport(self) -> httpx.MockTransport:
        """A transport for httpx clients that talks to this simulator, without a socket."""
        return httpx.MockTransport(self.handle)

    def matches(self, query: str, paper: Paper) -> bool:
        """Whether a search finds this version of a paper, if it is the current one.

        Raises InvalidQuery or BrokenQuery for what arXiv answers with 400 or 500.
        """
        return parse(query).matches(Document.of(paper))

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request; faults of the connection are raised as httpx's own errors."""
        if request.url.path.startswith("/v1/"):
            return self.llm.handle(request)
        moment = self._now()
        params = params_of(request)
        number = len(self.log)
        faults = [armed for armed in self._script if armed.shows(number, params)]
        try:
            response, found = self._answer(request, params, moment, faults)
        except httpx.TransportError:
            self._record(request, params, moment)
            raise
        self._record(request, params, moment, response, found)
        return response

    def _answer(
        self,
        request: httpx.Request,
        params: dict[str, str],
        moment: datetime,
        faults: list[_Armed],
    ) -> tuple[httpx.Response, tuple[int, int]]:
        """The answer, and how many entries it has of how many in all."""
        for armed in faults:
            if armed.fault.instead:
                armed.spend()
                return armed.fault.instead(request, moment), (0, 0)
        if request.url.path.startswith("/rss/"):
            papers = self._index.announced(View(horizon(moment - self._lag)))
            body = _changed(faults, rss(papers))
            return _response(200, RSS, body), (len(papers), len(papers))
        if request.url.path not in ("/api/query", "/oai"):
            return _error(404, _NOT_FOUND, moment), (0, 0)
        if request.method not in ("GET", "POST"):
            return _error(405, _NOT_ALLOWED, moment), (0, 0)
        if len(f"{request.method}  HTTP/1.1") + len(request.url.raw_path) > _LONGEST_LINE:
            return _response(400, HTML, _TOO_LONG.encode()), (0, 0)
        if request.url.path == "/oai":
            view = View(horizon(moment - self._lag - BEHIND), _hidden(faults, moment))
            answer = self._repository.answer(pairs_of(request), view, moment)
            body = _changed(faults, answer.body)
            return _response(200, KIND, body), (answer.entries, answer.entries)
        try:
            page = self._page(Question.parse(params), moment, faults)
            body = _changed(faults, feed(page, moment))
        except Refusal as refusal:
            return _error(400, refusal.message, moment, refusal.link), (0, 0)
        except (Overload, BrokenQuery, BrokenPage):
            return _error(500, _INTERNAL, moment), (0, 0)
        return _response(200, ATOM, body), (len(page.papers), page.total)

    def _page(self, question: Question, moment: datetime, faults: list[_Armed]) -> Page:
        ties = Random(f"{self._seed}:{len(self.log)}")
        view = View(horizon(moment - self._lag), _hidden(faults, moment))
        page = self._index.ask(question, view, ties)
        for armed in faults:
            if armed.fault.page:
                page = _spend(armed, page, armed.fault.page)
        return page

    def _record(
        self,
        request: httpx.Request,
        params: dict[str, str],
        moment: datetime,
        response: httpx.Response | None = None,
        found: tuple[int, int] = (0, 0),
    ) -> None:
        status = response.status_code if response else None
        self.log.append(Exchange(request.method, params, status, *found, moment))


def _changed(faults: list[_Armed], body: bytes) -> bytes:
    """A document with the faults that change documents."""
    for armed in faults:
        if armed.fault.body:
            body = _spend(armed, body, armed.fault.body)
    return body


def _hidden(faults: list[_Armed], moment: datetime) -> Callable[[str, date], bool] | None:
    """Which works a stale index misses at a moment; None without such a fault."""
    hides = []
    for armed in faults:
        if armed.fault.hides:
            armed.spend()
            hides.append(armed.fault.hides)
    if not hides:
        return None
    return lambda base, day: any(hide(base, day, moment) for hide in hides)


def _spend(armed: _Armed, before: _T, change: Callable[[_T], _T]) -> _T:
    """Apply a fault; it is spent if that makes a difference."""
    try:
        after = change(before)
    except BrokenPage:
        armed.spend()
        raise
    if after != before:
        armed.spend()
    return after


def _error(code: int, message: str, moment: datetime, link: str = ERRORS) -> httpx.Response:
    return _response(code, ATOM, error_feed(message, link, moment))


def _response(code: int, kind: str, body: bytes) -> httpx.Response:
    return httpx.Response(code, headers={"Content-Type": kind}, content=body)
