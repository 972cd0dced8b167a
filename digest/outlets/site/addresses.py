"""Where each page of the site stands, and what leads out of it. Paths are relative to the site."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from urllib.parse import quote

from digest.model import PaperId, sequence_of
from digest.writer.editions import page_of

_OTHER = re.compile(r"[^a-z0-9]+")

#: arXiv has made HTML of new papers since December 2023.
_HTML_SINCE = 2312_00000


def author_place(name: str) -> tuple[str, str]:
    """The page of an author, `author/sm-j.html`, and the place in it, `jan-smith`.

    A page holds the authors whose family names begin with the same two letters and given names with
    the same one. So a link stays right whatever papers come later, and pages stay small where many
    share a name. Spellings that differ in accents only are one author.
    """
    slug = slug_of(name) or f"x{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    given, _, family = slug.rpartition("-")
    return f"author/{family[:2]}{given and '-'}{given[:1]}.html", slug


def slug_of(text: str) -> str:
    """A text as a part of an address: small ASCII letters, digits and hyphens; may be empty."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", ascii_text.lower()).strip("-")[:60].strip("-")


def keyword_slugs(keywords: Iterable[str]) -> dict[str, str]:
    """A slug for each keyword, different ones for any two."""
    slugs: dict[str, str] = {}
    taken = {"index"}
    for keyword in dict.fromkeys(keywords):
        slug = plain = slug_of(keyword) or "keyword"
        number = 1
        while slug in taken:
            number += 1
            slug = f"{plain}-{number}"
        taken.add(slug)
        slugs[keyword] = slug
    return slugs


def keyword_page(slug: str, part: str = "") -> str:
    """The page of a keyword, or of a part of its papers (`2026-11`, `2026-11.2`)."""
    return f"keyword/{slug}{part and '.'}{part}.html"


def day_part(day: date, part: int) -> str:
    """The page of a part of a day's papers; the first one is the page of the day."""
    return page_of(day) if part == 1 else page_of(day).replace(".html", f".{part}.html")


@dataclass(frozen=True, slots=True)
class ArxivLinks:
    """arXiv's addresses of a paper; `html` is "" where arXiv has none."""

    abstract: str
    pdf: str
    html: str


def arxiv_links(paper: PaperId) -> ArxivLinks:
    """The addresses of a paper in the version of the id, or in its newest one."""
    name = quote(str(paper), safe="/")
    has_html = (sequence_of(paper.base) or 0) >= _HTML_SINCE
    return ArxivLinks(
        f"https://arxiv.org/abs/{name}",
        f"https://arxiv.org/pdf/{name}",
        f"https://arxiv.org/html/{name}" if has_html else "",
    )
