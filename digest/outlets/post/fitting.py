"""A chat message within the length that a service takes. Pure."""

from __future__ import annotations

from html import escape

from digest.outlets.post.letters import Chat


def fitted(chat: Chat, limit: int) -> str:
    """The body of a message; see `Chat` for what is cut, and how.

    A `limit` of 0 is none. The title counts, as many services set it above the body. What no cut
    makes short enough is left to the service.
    """
    body = whole(chat)
    if not chat.rest or limit <= 0 or _length(chat.title, body) <= limit:
        return body
    for kept in range(len(chat.pieces) - 1, -1, -1):
        rest = chat.rest.replace("{left}", f"{len(chat.pieces) - kept:,}")
        body = "\n\n".join([*chat.pieces[:kept], rest])
        if _length(chat.title, body) <= limit:
            break
    return body


def whole(chat: Chat) -> str:
    """The body that no limit cuts."""
    return "\n\n".join(filter(None, [*chat.pieces, chat.end]))


def _length(title: str, body: str) -> int:
    """The most that a service may count: some count UTF-16, some what escaping has made of it."""
    return len(escape(f"{title}\r\n{body}").encode("utf-16-le", "surrogatepass")) // 2
