"""A deadline for each answer as a whole, kept at the socket.

httpx's time-outs are those of single reads: a server that sends a byte every second never meets
one. Here every step of an exchange (connecting, the proxy's and TLS's handshakes, headers, body)
has at most what is left until the deadline.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpcore
import httpx

#: In time-outs of a single read. A page of 2,000 papers takes a minute at 30 kB/s.
TIMEOUTS: Final = 3

#: What httpcore takes for a socket option.
_Option = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class Deadline:
    """The moment by which the answer to the request that was begun last has to be whole.

    `clock` counts seconds, whatever the date does.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds = seconds
        self._clock = clock
        self._until = clock() + seconds

    def begin(self) -> None:
        """A request begins."""
        self._until = self._clock() + self.seconds

    @property
    def has_passed(self) -> bool:
        """Whether the answer should have been whole by now."""
        return self._clock() >= self._until

    def at_most(self, timeout: float | None) -> float:
        """What a step may take: the time-out given, and no more than is left.

        Raises TimeoutError if nothing is.
        """
        left = self._until - self._clock()
        if left <= 0:
            raise TimeoutError
        return left if timeout is None else min(timeout, left)


class DeadlineTransport(httpx.HTTPTransport):
    """One connection at a time, directly or through a proxy, every step within the deadline."""

    def __init__(self, deadline: Deadline, context: ssl.SSLContext, proxy: str | None) -> None:
        through = httpx.Proxy(proxy) if proxy else None
        if through and through.url.scheme == "https":
            through.ssl_context = context
        super().__init__(context, proxy=through, limits=httpx.Limits(max_connections=1))
        # httpx has no parameter for it; `test_deadline.py` shows that it takes effect.
        self._pool._network_backend = _Network(deadline)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx's errors."""
        try:
            return super().handle_request(request)
        except httpx.TransportError:
            # A tunnel whose TLS failed would stay the one connection, and the next request wait.
            self.close()
            raise


class _Network(httpcore.NetworkBackend):
    """httpcore's own network, with a deadline for every step."""

    def __init__(self, deadline: Deadline) -> None:
        self._network = httpcore.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_Option] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection. Raises httpcore's errors, as all below."""
        stream = self._network.connect_tcp(
            host,
            port,
            _within(self._deadline, timeout, httpcore.ConnectTimeout),
            local_address,
            socket_options,
        )
        return _Stream(stream, self._deadline)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        timeout = _within(self._deadline, timeout, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within(self._deadline, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        timeout = _within(self._deadline, timeout, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _within(
    deadline: Deadline, timeout: float | None, error: type[httpcore.TimeoutException]
) -> float:
    try:
        return deadline.at_most(timeout)
    except TimeoutError as passed:
        raise error("the deadline has passed") from passed
