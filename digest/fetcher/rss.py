"""arXiv's RSS of one announcement day: which works it names, and as what.

It is today's alone by New York's date, of 2,000 items at most, and proves presence only
(https://info.arxiv.org/help/rss_specifications.html).
"""

from __future__ import annotations

from dataclasses import dataclass

from digest.fetcher.document import changed, root_of
from digest.model import PaperId

_TYPE = "{http://arxiv.org/schemas/atom}announce_type"


@dataclass(frozen=True, slots=True)
class Item:
    """A work in the feed; `kind` is new, cross, replace or replace-cross."""

    id: str
    kind: str


def parse_rss(body: bytes) -> list[Item]:
    """The works of a feed; none on a day without an announcement.

    Raises Unavailable if it is not a whole RSS document, Refused if the elements that arXiv
    documents are missing.
    """
    channel = root_of(body, "rss", "RSS feed").find("channel")
    if channel is None:
        raise changed("there is no <channel>")
    found = []
    for item in channel.findall("item"):
        link, kind = item.findtext("link", "") or "", item.findtext(_TYPE)
        if kind is None:
            raise changed("an <item> has no <arxiv:announce_type>")
        try:
            found.append(Item(PaperId.parse(link).base, kind.strip()))
        except ValueError as error:
            raise changed(f"an <item> has no link to a work: {error}") from error
    return found
