"""Addresses of the web in texts of papers: code, data, project pages. Pure.

Only `http` and `https` are ever linked, with what the standard for addresses allows in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

#: Hosts of code and data that are named without `https://` as well.
_HOSTS = {
    "github.com": "GitHub",
    "gitlab.com": "GitLab",
    "huggingface.co": "Hugging Face",
    "zenodo.org": "Zenodo",
    "codeberg.org": "Codeberg",
    "bitbucket.org": "Bitbucket",
    "anonymous.4open.science": "Anonymous code",
    "osf.io": "OSF",
}
_CODE = {"GitHub", "GitLab", "Hugging Face", "Codeberg", "Bitbucket", "Anonymous code"}
_PAGES = (".github.io", ".gitlab.io", ".pages.dev", ".vercel.app", ".netlify.app")
_REST = r"[\w\-.~:/?#@!&'()*+,;=%]"
_ADDRESS = re.compile(
    rf"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{{1,5}})?(?:[/?#]{_REST}*)?"
    rf"|(?<![\w@./-])(?:www\.)?(?:{'|'.join(map(re.escape, _HOSTS))})/{_REST}+"
    rf"|(?<![\w@./-])[a-z0-9-]+\.(?:github|gitlab)\.io(?:/{_REST}*)?",
    re.IGNORECASE | re.ASCII,
)
_ENDING = ".,;:!?'"
_MOST = 4


class Found(NamedTuple):
    """Where an address stands in a text, and where it leads."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class WebLink:
    """What is at an address: `GitHub`, `Zenodo`, `Project page`."""

    name: str
    url: str
    is_code: bool


def addresses(text: str) -> Iterator[Found]:
    """The addresses in a text, from its beginning to its end."""
    for match in _ADDRESS.finditer(text):
        found = _without_ending(match[0])
        url = found if "://" in found else f"https://{found}"
        yield Found(match.start(), match.start() + len(found), url)


def web_links(texts: Iterable[str]) -> tuple[WebLink, ...]:
    """Code, data and project pages that texts name: each once, code first, at most four."""
    found = {
        found.url.rstrip("/").lower(): link
        for text in texts
        for found in addresses(text)
        if (link := _link(found.url))
    }
    return tuple(sorted(found.values(), key=lambda link: not link.is_code)[:_MOST])


def _link(url: str) -> WebLink | None:
    host = url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    host = host.removeprefix("www.")
    name = _HOSTS.get(host, "")
    if not name and "zenodo." in url and host == "doi.org":
        name = "Zenodo"
    if not name and host.startswith("gitlab."):
        name = "GitLab"
    if name:
        return WebLink(name, url, name in _CODE)
    is_page = host.endswith(_PAGES) or host == "sites.google.com"
    return WebLink("Project page", url, is_code=False) if is_page else None


def _without_ending(text: str) -> str:
    """Without the full stop of the sentence, and without a bracket that was opened before it."""
    while text:
        if text[-1] in _ENDING or (text[-1] == ")" and text.count("(") < text.count(")")):
            text = text[:-1]
        else:
            break
    return text
