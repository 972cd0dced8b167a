"""A chat message within the length that a service takes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def fitted(title: str, pieces: Sequence[str], rest: str, limit: int) -> str:
    """The body of a message: as many pieces as fit, and `rest` behind them if some do not.

    Pieces stay whole. `{left}` in `rest` becomes the number of those left out. A `limit` of 0 is
    none; the title counts, as many services set it above the body. What no cut makes short enough
    is left to the service.
    """
    body = "\n\n".join(pieces)
    if not rest or limit <= 0 or _length(f"{title}\r\n{body}") <= limit:
        return body
    for kept in range(len(pieces) - 1, -1, -1):
        body = "\n\n".join([*pieces[:kept], rest.replace("{left}", str(len(pieces) - kept))])
        if _length(f"{title}\r\n{body}") <= limit:
            break
    return body


def _length(text: str) -> int:
    """The most that a service may count: some count UTF-16, some what escaping has made of it."""
    return len(escape(text).encode("utf-16-le", "surrogatepass")) // 2
