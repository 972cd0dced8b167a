"""arXiv's query API: one request after another, politely, repeated where that can help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import httpx
import tenacity

from digest.errors import Blocked, Refused, Unavailable
from digest.fetcher.atom import Page, error_message, parse_page
from digest.fetcher.politeness import Politeness

#: The longest request line arXiv takes is 4,094 bytes; longer queries go as a form.
_LONGEST_LINE = 4000

#: Far more than 2,000 papers need; a longer answer is not read to its end.
_LARGEST_BODY = 64 * 2**20

#: The pauses between attempts: the first, in seconds, then doubled, and the longest.
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 600.0

_CHECK_NETWORK = "check the network and [arxiv] api_url; the next run goes on from here"


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


class _ToldToWaitTooLong(tenacity.stop.stop_base):
    """Stops when arXiv asks for a longer wait than the longest pause: the next run's business."""

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        return (_failure(retry_state).retry_after or 0.0) > _LONGEST_PAUSE


class QueryApi:
    """Asks one question and returns a checked page, or raises FetchError.

    `requests` counts what was sent. `on_pause(seconds, why)` is told of every wait between
    attempts. `random` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        client: httpx.Client,
        url: str,
        politeness: Politeness,
        *,
        attempts: int,
        sleep: Callable[[float], None],
        random: Callable[[], float],
        on_pause: Callable[[float, str], None],
    ) -> None:
        self.requests = 0
        self._on_pause = on_pause
        self._client = client
        self._url = url
        self._politeness = politeness
        self._random = random
        self._attempts = attempts
        self._sleep = sleep

    def ask(self, choose: Callable[[int, Unavailable | None], Question]) -> Page:
        """Ask until it is answered, at most `attempts` times.

        `choose` gives the question of each attempt from its number, 1 for the first, and the
        failure before it. Raises Unavailable after the last attempt, Blocked and Refused at once.
        """
        failure: Unavailable | None = None
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Unavailable),
            stop=tenacity.stop_after_attempt(self._attempts) | _ToldToWaitTooLong(),
            wait=self._pause,
            sleep=self._sleep,
            before_sleep=self._announce_pause,
            reraise=True,
        )

        def once() -> Page:
            nonlocal failure
            number = int(retrying.statistics["attempt_number"])
            try:
                return self._answer(choose(number, failure))
            except Unavailable as unavailable:
                failure = unavailable
                raise

        return retrying(once)

    def _answer(self, question: Question) -> Page:
        with self._politeness.turn():
            self.requests += 1
            response, body = self._send(question.parameters())
        _raise_for_status(response, body)
        page = parse_page(body)
        promised = max(0, min(question.size, page.total - question.start))
        if page.entries < promised:
            raise Unavailable(
                f"arXiv's answer is short: {page.entries} of {promised} papers "
                f"(it has {page.total} in all)"
            )
        return page

    def _send(self, parameters: Mapping[str, str]) -> tuple[httpx.Response, bytes]:
        # arXiv reads a plus sign in a query as a letter of it, and takes commas as they are.
        line = f"{self._url}?{urlencode(parameters, safe=',', quote_via=quote)}"
        try:
            with (
                self._client.stream("POST", self._url, data=dict(parameters))
                if len(line) > _LONGEST_LINE
                else self._client.stream("GET", line)
            ) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > _LARGEST_BODY:
                        raise Unavailable("arXiv's answer is larger than any page", too_large=True)
                return response, bytes(body)
        except httpx.TimeoutException as error:
            raise Unavailable(
                f"arXiv did not answer in time: {self._url}: {_cause(error)}",
                hint=_CHECK_NETWORK,
                too_large=True,
            ) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Refused(
                f"cannot ask arXiv: {self._url}: {_cause(error)}", hint="correct [arxiv] api_url"
            ) from error
        except httpx.HTTPError as error:
            raise Unavailable(
                f"no connection to arXiv: {self._url}: {_cause(error)}", hint=_CHECK_NETWORK
            ) from error

    def _pause(self, state: tenacity.RetryCallState) -> float:
        """Doubling pauses, spread between half and all of their length; Retry-After if longer."""
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (state.attempt_number - 1))
        spread = longest * (0.5 + self._random() / 2)
        return max(spread, _failure(state).retry_after or 0.0)

    def _announce_pause(self, state: tenacity.RetryCallState) -> None:
        seconds = state.next_action.sleep if state.next_action else 0.0
        self._on_pause(float(seconds), _failure(state).message)


def _failure(state: tenacity.RetryCallState) -> Unavailable:
    failure = state.outcome.exception() if state.outcome else None
    return failure if isinstance(failure, Unavailable) else Unavailable("no answer yet")


def _raise_for_status(response: httpx.Response, body: bytes) -> None:
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if status == httpx.codes.FORBIDDEN:
        raise Blocked(
            "arXiv blocks this program: HTTP 403",
            hint="don't run it again before reading https://info.arxiv.org/help/robots.html; "
            "set [arxiv] contact so that arXiv can tell who asks",
        )
    if response.is_redirect:
        raise Refused(
            f"arXiv redirects to {response.headers.get('location', 'nowhere')!r}",
            hint="set [arxiv] api_url to the address arXiv uses now, if you trust it",
        )
    message = error_message(body)
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Unavailable(
            f"arXiv cannot answer now: HTTP {status}" + (f": {message}" if message else ""),
            retry_after=_seconds(response.headers.get("retry-after")),
            too_large=status >= httpx.codes.INTERNAL_SERVER_ERROR,
        )
    raise Refused(message or f"arXiv refused the request: HTTP {status}")


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds. A date in it is left to the doubling pauses."""
    return float(retry_after) if retry_after and retry_after.strip().isdecimal() else None


def _cause(error: Exception) -> str:
    return str(error) or type(error).__name__
