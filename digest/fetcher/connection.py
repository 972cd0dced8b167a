"""Sending requests to arXiv: one after another, politely, repeated where that can help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx
import tenacity

from digest.fetcher.answers import Kind, kind_of
from digest.fetcher.deadline import Deadline
from digest.fetcher.politeness import Politeness
from digest.fetcher.proxies import Proxy
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


class Connection:
    """Sends requests to one address of arXiv's.

    `setting` is what the configuration calls that address, `proxy` what leads to it, `deadline`
    what each answer as a whole may take. `is_hasty`: somebody waits at a terminal, so that a
    host that cannot be reached is not tried again. `requests` counts what was sent.
    `on_pause(seconds, why)` hears of every wait between attempts. `random` gives numbers from 0
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
        deadline: Deadline | None = None,
        proxy: Proxy | None = None,
        is_hasty: bool = False,
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
        self._deadline = deadline
        self._proxy = proxy
        self._is_hasty = is_hasty

    def repeat(self, once: Callable[[int, Unavailable | None], _T]) -> _T:
        """Do something until it works, at most `attempts` times.

        `once` gets the number of the attempt, 1 for the first, and the failure before it.
        Raises Unavailable after the last attempt; every other error at once.
        """
        failure: Unavailable | None = None
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Unavailable),
            stop=self._is_over,
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
        query = urlencode(parameters, safe=",", quote_via=quote)
        line = f"{self._url}?{query}" if query else self._url
        if self._deadline:
            self._deadline.begin()
        try:
            with (
                self._client.stream("POST", self._url, data=dict(parameters))
                if len(line) > _LONGEST_LINE
                else self._client.stream("GET", line)
            ) as response:
                _check_encoding(response)
                return response, self._body(response)
        except httpx.TimeoutException as error:
            raise self._late(error) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Refused(
                f"cannot ask arXiv: {self._url}: {_cause(error)}", hint=f"correct {self._setting}"
            ) from error
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _LARGEST_BODY:
                raise Unavailable("arXiv's answer is larger than any page", too_large=True)
            if self._deadline and self._deadline.has_passed:
                raise httpx.ReadTimeout("the deadline has passed")
        return bytes(body)

    def _late(self, error: httpx.TimeoutException) -> Unavailable:
        if self._deadline and self._deadline.has_passed:
            what = f"arXiv's answer was not complete after {self._deadline.seconds:g} s"
        else:
            what = "arXiv did not answer in time"
        return Unavailable(
            f"{what}: {self._url}{self._through}: {_cause(error)}",
            hint=f"check the network and {self._setting}; the next run continues from here",
            too_large=True,
        )

    def _unreachable(self, error: httpx.HTTPError) -> Unavailable:
        """Who could not be reached: the proxy, or arXiv; and whether its certificate is why."""
        is_unreachable = isinstance(error, httpx.ConnectError | httpx.ProxyError)
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return Unavailable(
                f"the certificate for arXiv is not trusted: {self._url}{self._through}: "
                f"{_cause(error)}",
                hint="if a proxy or a virus scanner reads encrypted traffic, set SSL_CERT_FILE to "
                "the file with its certificate; check the machine's clock",
                is_unreachable=True,
            )
        if self._proxy and is_unreachable:
            return Unavailable(
                f"no connection through the proxy {self._proxy}: {_cause(error)}",
                hint=f"check the environment variable {self._proxy.variable} and that proxy; "
                "NO_PROXY names hosts to reach without it",
                is_unreachable=True,
            )
        return Unavailable(
            f"no connection to arXiv: {self._url}{self._through}: {_cause(error)}",
            hint=f"check the network and {self._setting}; the next run continues from here",
            is_unreachable=is_unreachable,
        )

    @property
    def _through(self) -> str:
        return f" through the proxy {self._proxy}" if self._proxy else ""

    def _raise_for_status(self, response: httpx.Response, message: str | None) -> None:
        status = response.status_code
        kind = kind_of(status, self._url, is_own=message is not None)
        if kind is Kind.BLOCKED:
            raise Blocked(
                f"arXiv blocks this program: HTTP 403{self._through}",
                hint="don't run it again before reading https://info.arxiv.org/help/robots.html; "
                "set [arxiv] contact so that arXiv knows who asks",
            )
        if kind is Kind.MOVED:
            raise Refused(
                f"arXiv redirects to {response.headers.get('location', 'nowhere')!r}",
                hint=f"set {self._setting} to the address arXiv uses now, if you trust it",
            )
        if kind is Kind.NOWHERE:
            raise Refused(
                f"HTTP 404: {self._url} is not an address of arXiv's interfaces",
                hint=f"correct {self._setting}",
            )
        if kind is Kind.REFUSED:
            raise Refused(message or f"arXiv refused the request: HTTP {status}")
        raise self._not_now(response, message)

    def _not_now(self, response: httpx.Response, message: str | None) -> Unavailable:
        status = response.status_code
        if self._proxy and status == httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
            return Unavailable(
                f"the proxy {self._proxy} wants a user name and a password: HTTP {status}",
                hint=f"write them into {self._proxy.variable}: http://USER:PASSWORD@HOST:PORT",
                is_unreachable=True,
            )
        return Unavailable(
            f"arXiv cannot answer now: HTTP {status}{self._through}"
            + (f": {message}" if message else ""),
            hint=f"the next run continues from here; if it stays so, check {self._setting}",
            retry_after=_seconds(response.headers.get("retry-after")),
            too_large=status >= httpx.codes.INTERNAL_SERVER_ERROR,
        )

    def _is_over(self, state: tenacity.RetryCallState) -> bool:
        """Whether to leave it to the next run: after the last attempt, and where waiting is long.

        arXiv may ask for a longer wait than the longest pause; a host that cannot be reached
        keeps nobody waiting at a terminal.
        """
        failure = _failure(state)
        return (
            state.attempt_number >= self._attempts
            or (failure.retry_after or 0.0) > _LONGEST_PAUSE
            or (self._is_hasty and failure.is_unreachable)
        )

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
        raise Unavailable(f"arXiv's answer has an unexpected Content-Encoding: {encoding!r}")


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds. A date in it is left to the doubling pauses."""
    return float(retry_after) if retry_after and retry_after.strip().isdecimal() else None


def _cause(error: Exception) -> str:
    return str(error) or type(error).__name__
