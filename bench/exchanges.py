"""What was asked of arXiv and what it answered, kept in a file to be played back."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import httpx

from digest.simulator import Simulator


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, its path with the query, and the answer's body."""

    method: str
    path: str
    content: bytes
    answer: bytes


class Recorder(Simulator):
    """A simulated arXiv that keeps every exchange."""

    exchanges: tuple[Exchange, ...] = ()

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer as the simulator does."""
        response = super().handle(request)
        self.exchanges += (
            Exchange(
                request.method, request.url.raw_path.decode(), request.content, response.content
            ),
        )
        return response


def save(exchanges: tuple[Exchange, ...], file: Path) -> None:
    """Write exchanges to a file of one call of `make bench`."""
    file.write_bytes(pickle.dumps(exchanges))


def load(file: Path) -> tuple[Exchange, ...]:
    """Read what `save` wrote."""
    exchanges: tuple[Exchange, ...] = pickle.loads(file.read_bytes())  # noqa: S301  our own file
    return exchanges
