"""Answers in arXiv's Atom, byte for byte as the API writes it since 2025-11-11.

Held to recorded answers: the same elements in the same order, with the same attributes and white
space. Titles and abstracts are printed as they are; `published` and `updated` are the submissions
of the first and of the shown version.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from typing import Final
from xml.sax.saxutils import escape

from digest.model import Paper

_ROOT: Final = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
    ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
)

#: What XML 1.0 cannot hold. One such character makes arXiv's serialiser fail.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BrokenPage(Exception):
    """A page that cannot be written as XML: arXiv answers 500 for all of it."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a feed says: the question as it was understood, and a page of the answer."""

    typed: str
    canonical: str
    ids: str
    start: int
    max_results: int
    total: int
    papers: tuple[Paper, ...]


def feed(page: Page, moment: datetime) -> bytes:
    """The feed of a page. Raises BrokenPage if a text holds a control character."""
    range_ = f"start={page.start}&max_results={page.max_results}"
    question = f"search_query={page.typed}&id_list={page.ids}&{range_}"
    href = f"search_query={page.canonical.replace(' ', '+')}&{range_}&id_list={page.ids}"
    text = _ROOT + "".join(
        (
            f"  <id>https://arxiv.org/api/{_digest(question)}</id>\n",
            f"  <title>arXiv Query: {escape(question)}</title>\n",
            f"  <updated>{_time(moment)}</updated>\n",
            f'  <link href="https://arxiv.org/api/query?{_attribute(href)}"'
            ' type="application/atom+xml"/>\n',
            _totals(page.max_results, page.total, page.start),
            *(line for paper in page.papers for line in _entry(paper)),
            "</feed>\n",
        )
    )
    if _FORBIDDEN.search(text):
        raise BrokenPage
    return text.encode()


def error_feed(message: str, link: str, moment: datetime) -> bytes:
    """The feed with one entry that tells what is wrong."""
    return (
        _ROOT
        + f"""\
  <id>https://arxiv.org/</id>
  <title>arXiv Search Results</title>
  <updated>{_time(moment)}</updated>
{_totals(1, 1, 0)}  <entry>
    <id>{escape(link)}</id>
    <title>Error</title>
    <updated>{_time(moment)}</updated>
    <link href="{_attribute(link)}" rel="alternate" type="text/html"/>
    <summary>{escape(message)}</summary>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>
</feed>
"""
    ).encode()


def _totals(per_page: int, total: int, start: int) -> str:
    return (
        f"  <opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>\n"
        f"  <opensearch:totalResults>{total}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n"
    )


def _entry(paper: Paper) -> Iterator[str]:
    name = f"{paper.id}v{paper.version}"
    dois = (paper.doi or "").split()
    yield "  <entry>\n"
    yield _element("id", paper.url)
    yield _element("title", paper.title)
    yield _element("updated", _time(paper.updated))
    yield f'    <link href="https://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>\n'
    yield (
        f'    <link href="https://arxiv.org/pdf/{name}" rel="related"'
        ' type="application/pdf" title="pdf"/>\n'
    )
    yield _element("summary", paper.abstract)
    for category in paper.categories:
        term = _attribute(category)
        yield f'    <category term="{term}" scheme="http://arxiv.org/schemas/atom"/>\n'
    yield _element("published", _time(paper.published))
    if paper.comment is not None:
        yield _element("arxiv:comment", paper.comment)
    for primary in paper.categories[:1]:
        yield f'    <arxiv:primary_category term="{_attribute(primary)}"/>\n'
    if paper.journal_ref is not None:
        yield _element("arxiv:journal_ref", paper.journal_ref)
    for author in paper.authors:
        yield f"    <author>\n      <name>{escape(author)}</name>\n    </author>\n"
    yield from (_element("arxiv:doi", doi) for doi in dois)
    for doi in dois:
        yield f'    <link rel="related" href="https://doi.org/{_attribute(doi)}" title="doi"/>\n'
    yield "  </entry>\n"


def _element(name: str, text: str) -> str:
    return f"    <{name}>{escape(text)}</{name}>\n" if text else f"    <{name}/>\n"


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _digest(question: str) -> str:
    """arXiv names a feed by the hash of its question."""
    return b64encode(sha1(question.encode(), usedforsecurity=False).digest()).decode().rstrip("=")
