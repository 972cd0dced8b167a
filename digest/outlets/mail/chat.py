"""A digest as a message for a chat: titles and links. Pure."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import quote

from digest.model import Badge, Entry
from digest.outlets.mail.words import abstract_link, caution, folded, page_link, subject, title
from digest.outlets.post.letters import Chat
from digest.writer.editions import Edition, Shown

#: What chats make a mention, a command or a link with another face of: `@all`, `<!here>`, `[a](b)`.
_MEANT = re.compile(r"[<@!\]](?=\S)")
#: Has no width, and lets no line break in.
_JOINER = "\u2060"

_MOST_AUTHORS = 3


def chat(edition: Edition, site: str, url: str) -> Chat:
    """The message for an address of Apprise; `site` is the address of the pages, or empty."""
    page = page_link(site, edition)
    pieces = [_piece(shown) for shown in edition.shown]
    note = caution(edition)
    if note and pieces:
        pieces[0] = f"{note}\n\n{pieces[0]}"
    rest = f"… and {{left}} more: {page or _list_link(edition)}"
    return Chat(url, "info", subject(edition), tuple(pieces), page, rest)


def _list_link(edition: Edition) -> str:
    """arXiv's own list of the category that most papers have."""
    primary = Counter(
        shown.paper.categories[0] for shown in edition.shown if shown.paper.categories
    )
    ((category, _),) = primary.most_common(1) or [("", 0)]
    return f"https://arxiv.org/list/{quote(category)}/recent" if category else "https://arxiv.org/"


def _piece(shown: Shown) -> str:
    paper = shown.paper
    lines = (tame(title(paper)), tame(_names(shown.entry)), abstract_link(paper))
    return "\n".join(filter(None, lines))


def _names(entry: Entry) -> str:
    """A few authors: all, or the first one and those who are followed."""
    names = list(entry.names)
    if len(names) <= _MOST_AUTHORS:
        return ", ".join(names)
    followed = [name.text for name in entry.authors[1:] if isinstance(name, Badge)]
    return f"{', '.join([names[0], *followed[:_MOST_AUTHORS]])} et al."


def tame(text: str) -> str:
    """A text in which no chat finds markup or mentions; it looks the same."""
    return _MEANT.sub(lambda sign: sign[0] + _JOINER, folded(text))
