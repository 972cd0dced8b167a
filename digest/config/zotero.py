"""A library in Zotero as `library` names it: `zotero:`, `zotero:users/123/collections/AB*`."""

from __future__ import annotations

import re
from typing import NamedTuple

from digest.config.mistakes import mistake

PREFIX = "zotero:"
PATTERN = r"^zotero:(?:(?:users|groups)/[0-9]+)?(?:(?:^|/|(?<=:))collections/[^/\x00-\x1f\x7f]+)?$"

_SOURCE = re.compile(
    r"zotero:((?:users|groups)/\d{1,12})?(?:(?:/|(?<=:))collections/([^/\x00-\x1f\x7f]+))?"
)


class ZoteroSource(NamedTuple):
    """`owner` is `users/123` or `groups/45`, "" for the program on this machine.

    `collections` is a key, or a pattern of names with `*` and `?`; "" for all.
    """

    owner: str
    collections: str

    def __str__(self) -> str:
        collections = f"collections/{self.collections}" if self.collections else ""
        return PREFIX + "/".join(filter(None, (self.owner, collections)))


def zotero_source(text: str) -> ZoteroSource:
    """Raises a mistake for what does not name a library."""
    match = _SOURCE.fullmatch(text)
    if match is None:
        raise mistake(
            f"{text!r} is not a Zotero library: write zotero:, zotero:users/123, "
            "zotero:groups/45, each with /collections/NAME where only some are wanted"
        )
    return ZoteroSource(match[1] or "", match[2] or "")
