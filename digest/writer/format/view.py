"""What the template sees: strings that are ready to stand in the digest file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import quote

from digest.model import Digest, Entry, PaperId, Style
from digest.writer.format.abstract import escape_abstract
from digest.writer.format.escape import escape_anchor, escape_title, escape_url
from digest.writer.format.names import escape_names

_PLAIN = re.compile(r"[A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper of the digest, every text as Markdown."""

    link_text: str
    anchor: str
    target: str
    heading: str
    authors: str
    published: str
    url: str
    abstract: str
    summary: str


class View(TypedDict):
    """The variables of the template."""

    day: str
    papers: list[PaperView]


def view(digest: Digest) -> View:
    """The template's variables for a digest."""
    anchors = map(_target, digest.entries) if digest.style.targets else _anchors(digest)
    return View(
        day=digest.day.isoformat(),
        papers=[
            _paper(entry, anchor, digest.style)
            for entry, anchor in zip(digest.entries, anchors, strict=True)
        ],
    )


def _paper(entry: Entry, anchor: str, style: Style) -> PaperView:
    title = escape_title(entry.title, style)
    return PaperView(
        link_text=title,
        anchor=escape_anchor(anchor),
        target=anchor if style.targets else "",
        heading=title,
        authors=escape_names(entry.authors, style),
        published=entry.published.isoformat(),
        url=escape_url(entry.url),
        abstract=escape_abstract(entry.abstract, style),
        summary=escape_abstract((entry.summaries[0].tldr,), style) if entry.summaries else "",
    )


def _target(entry: Entry) -> str:
    """The paper's id: it stays when titles change, and no heading has a full stop in its anchor."""
    try:
        return PaperId.parse(entry.url).base
    except ValueError:  # somebody wrote the link by hand
        return quote(entry.url, safe="/:")


def _anchors(digest: Digest) -> Iterator[str]:
    """The anchor of every entry that has no target: its heading's.

    GitHub numbers headings that would have the same anchor: `a`, `a-1`, `a-2`. The digest's own
    two headings count.
    """
    taken = {digest.day.isoformat(), "table-of-contents"}
    for entry in digest.entries:
        first = anchor = _anchor(entry.title)
        number = 0
        while anchor in taken:
            number += 1
            anchor = f"{first}-{number}"
        taken.add(anchor)
        yield anchor


def _anchor(title: str) -> str:
    """Only titles of ASCII letters, digits and hyphens are lower-cased: so the source files do."""
    anchor = title.replace(" ", "-")
    return anchor.lower() if _PLAIN.fullmatch(anchor) else anchor
