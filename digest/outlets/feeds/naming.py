"""Names that last: ids of feeds and digests, and the file names of topics."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_HASH = 8
_HASHED = re.compile(rf"(?:.*-)?[0-9a-f]{{{_HASH}}}")
_LONGEST = 60

#: The year that RFC 4151 wants in a tag: one in which the address was its owner's.
_YEAR = 2026


def lasting_id(what: str, site: str) -> str:
    """The id of `digests/2025-11-28` or the like at an address: the same for ever.

    A tag URI (RFC 4151) of the address, or a UUID where there is none to tell owners apart by.
    """
    parts = urlsplit(site)
    host = parts.hostname or ""
    if not _HOST.fullmatch(host):
        return uuid5(NAMESPACE_URL, f"arxiv-digest:{site}{what}").urn
    path = "/".join(filter(None, [parts.path.strip("/"), what]))
    return f"tag:{host},{_YEAR}:{quote(path, safe='/%')}"


def slug(name: str) -> str:
    """A topic's name as part of a file name: `a-z`, `0-9` and hyphens, and no other topic's.

    It depends on the name alone, so that other topics may come and go. A name that is not already
    as simple as this has a few digits of its hash behind it.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    simple = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST].strip("-")
    if simple and simple == name and not _HASHED.fullmatch(name):
        return name
    ending = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    return f"{simple}-{ending}".lstrip("-")
