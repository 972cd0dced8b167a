"""Sending requests to arXiv: one after another, politely, repeated where that can help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx
import tenacity

from digest.fetcher.politeness import Politeness
from digest.model.errors import Blocked, Refused, Unavailable

_T = TypeVar("_T")

#: The longest request line arXiv takes is 4,094 bytes; longer queries go as a form.
_LONGEST_LINE = 4000

#: Far more than 2,000 papers need, in bytes; a longer answer is not read to its end.
_LARGEST_BODY = 64 * 2**20

#: The one that is asked for, and none. httpx would also unpack a file packed twice, which can be a
#: million times as large as what came, before it could be measured.
_ENCODINGS = ("", "identity", "gzip")

#: The pauses between attempts: the first, in seconds, then doubled, and the longest.
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 600.0


class _ToldToWaitTooLong(tenacity.stop.stop_base):
    """Stops when arXiv asks for a longer wait than the longest pause: the next run's business."""

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        return (_failure(retry_state).retry_after or 0.0) > _LONGEST_PAUSE


class Connection:
    """Sends requests to one address of arXiv's.

    `setting` is what the configuration calls that address. `requests` counts what was sent.
    `on_pause(seconds, why)` is told of every wait between attempts. `random` gives numbers from 0
    to 1.
    """

    def __init__(
        self,
        client: httpx.Client,
        url: str,
        politeness: Politeness,
        *,
        setting: str,
        attempts: int,
        sleep: Callable[[float], None],
        random: Callable[[], float],
        on_pause: Callable[[float, str], None],
    ) -> None:
        self.requests = 0
        self._on_pause = on_pause
        self._client = client
        self._url = url
        self._setting = setting
        self._politeness = politeness
        self._random = random
        self._attempts = attempts
        self._sleep = sleep

    def repeat(self, once: Callable[[int, Unavailable | None], _T]) -> _T:
        """Do something until it works, at most `attempts` times.

        `once` is told the number of the attempt, 1 for the first, and the failure before it.
        Raises Unavailable after the last attempt; every other error at once.
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

        def attempt() -> _T:
            nonlocal failure
            number = int(retrying.statistics["attempt_number"])
            try:
                return once(number, failure)
            except Unavailable as unavailable:
                failure = unavailable
                raise

        return retrying(attempt)

    def send(
        self,
        parameters: Mapping[str, str],
        explanation: Callable[[bytes], str | None] = lambda _: None,
    ) -> bytes:
        """Send one request, in its turn, and return the body of an answer with status 200.

        `explanation` finds the reason in the body of any other answer. Raises FetchError.
        """
        with self._politeness.turn():
            self.requests += 1
            response, body = self._exchange(parameters)
        if response.status_code != httpx.codes.OK:
            self._raise_for_status(response, explanation(body))
        return body

    def _exchange(self, parameters: Mapping[str, str]) -> tuple[httpx.Response, bytes]:
        # arXiv reads a plus sign in a query as a letter of it, and takes commas as they are.
        line = f"{self._url}?{urlencode(parameters, safe=',', quote_via=quote)}"
        check = f"check the network and {self._setting}; the next run goes on from here"
        try:
            with (
                self._client.stream("POST", self._url, data=dict(parameters))
                if len(line) > _LONGEST_LINE
                else self._client.stream("GET", line)
            ) as response:
                _check_encoding(response)
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > _LARGEST_BODY:
                        raise Unavailable("arXiv's answer is larger than any page", too_large=True)
                return response, bytes(body)
        except httpx.TimeoutException as error:
            raise Unavailable(
                f"arXiv did not answer in time: {self._url}: {_cause(error)}",
                hint=check,
                too_large=True,
            ) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Refused(
                f"cannot ask arXiv: {self._url}: {_cause(error)}", hint=f"correct {self._setting}"
            ) from error
        except httpx.HTTPError as error:
            raise Unavailable(
                f"no connection to arXiv: {self._url}: {_cause(error)}", hint=check
            ) from error

    def _raise_for_status(self, response: httpx.Response, message: str | None) -> None:
        status = response.status_code
        if status == httpx.codes.FORBIDDEN:
            raise Blocked(
                "arXiv blocks this program: HTTP 403",
                hint="don't run it again before reading https://info.arxiv.org/help/robots.html; "
                "set [arxiv] contact so that arXiv can tell who asks",
            )
        if response.is_redirect:
            raise Refused(
                f"arXiv redirects to {response.headers.get('location', 'nowhere')!r}",
                hint=f"set {self._setting} to the address arXiv uses now, if you trust it",
            )
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Unavailable(
                f"arXiv cannot answer now: HTTP {status}" + (f": {message}" if message else ""),
                retry_after=_seconds(response.headers.get("retry-after")),
                too_large=status >= httpx.codes.INTERNAL_SERVER_ERROR,
            )
        raise Refused(message or f"arXiv refused the request: HTTP {status}")

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


def _check_encoding(response: httpx.Response) -> None:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise Unavailable(f"arXiv's answer is packed as nobody asked for: {encoding!r}")


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds. A date in it is left to the doubling pauses."""
    return float(retry_after) if retry_after and retry_after.strip().isdecimal() else None


def _cause(error: Exception) -> str:
    return str(error) or type(error).__name__
