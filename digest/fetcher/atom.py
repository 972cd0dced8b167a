"""arXiv's Atom answers, checked strictly, made into papers by the `arxiv` package.

The package alone would repair a truncated page and drop an entry without a date in silence; so
the bytes are checked first, down to each entry, and it only ever sees what is whole
(`docs/decisions/001-arxiv-adapter.md`). `arxiv` 4.0 has no public parser for bytes: this module
is the one place that uses the private one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import arxiv
from arxiv import _feed
from lxml import etree

from digest.errors import Refused, Unavailable
from digest.fetcher.document import Rejected, changed, root_of
from digest.model import Paper, PaperId

_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_DATE = re.compile(r"\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\s*")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: `total` results in all, the papers of this page, and what was unusable.

    `papers` are in arXiv's order and may repeat an id; `entries` counts what the page holds.
    """

    total: int
    entries: int
    papers: tuple[Paper, ...]
    rejected: tuple[Rejected, ...]


def parse_page(body: bytes) -> Page:
    """Read one answer of the query API.

    Raises Refused if it is arXiv's error entry (whatever the HTTP status was) or if the elements
    that arXiv documents are not there, Unavailable if it is not a whole Atom feed.
    """
    root = _feed_element(body)
    entries = root.findall(f"{_ATOM}entry")
    _raise_error_entry(entries)
    total = _count(root, "totalResults")
    rejected: list[Rejected] = []
    for entry in entries:
        reason = _defect(entry)
        if reason:
            rejected.append(Rejected(_text(entry, "id").rpartition("/abs/")[2], reason))
            root.remove(entry)
    if len(rejected) == len(entries) > 1:
        raise changed(f"{rejected[0].id}: {rejected[0].reason}")
    parsed = _feed.parse(etree.tostring(root) if rejected else body)
    if len(parsed.results) != len(entries) - len(rejected):
        raise Unavailable("arXiv's answer was not read completely")
    return Page(total, len(entries), tuple(map(_paper, parsed.results)), tuple(rejected))


def error_message(body: bytes) -> str | None:
    """The message of arXiv's error feed, or None if the body is something else."""
    try:
        entries = _feed_element(body).findall(f"{_ATOM}entry")
        _raise_error_entry(entries)
    except Refused as refused:
        return refused.message
    except Unavailable:
        return None
    return None


def _feed_element(body: bytes) -> etree._Element:
    return root_of(body, f"{_ATOM}feed", "Atom feed")


def _raise_error_entry(entries: list[etree._Element]) -> None:
    """arXiv reports errors as a feed of one entry, told from a paper by its id, also with 200.

    The id is the address of an explanation: of its errors or, for some, of its manual.
    """
    for entry in entries:
        link, title = _text(entry, "id"), _text(entry, "title").strip()
        if "/api/errors" in link or (title == "Error" and "/abs/" not in link):
            raise Refused(f"arXiv refused the request: {_text(entry, 'summary').strip()}")


def _count(root: etree._Element, name: str) -> int:
    text = root.findtext(f"{_OPENSEARCH}{name}", "").strip()
    if not text.isascii() or not text.isdigit():
        raise changed(f"<opensearch:{name}> is no number: {text!r}")
    return int(text)


def _defect(entry: etree._Element) -> str:
    """Why an entry is no usable paper; empty if it is one."""
    for name in ("id", "title", "summary", "published", "updated"):
        element = entry.find(f"{_ATOM}{name}")
        if element is None:
            return f"it has no <{name}>"
        if len(element):
            return f"its <{name}> has elements inside"
        if name in ("published", "updated") and not _is_date(element.text or ""):
            return f"its <{name}> is no date: {element.text!r}"
    try:
        paper = PaperId.parse(_text(entry, "id"))
    except ValueError as error:
        return str(error)
    return "" if paper.version else f"its <id> has no version: {paper}"


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return _DATE.fullmatch(text) is not None


def _text(entry: etree._Element, name: str) -> str:
    return entry.findtext(f"{_ATOM}{name}", "") or ""


def _paper(result: arxiv.Result) -> Paper:
    paper = PaperId.parse(result.entry_id)
    return Paper(
        id=paper.base,
        version=paper.version or 1,
        url=result.entry_id.strip(),
        title=result.title.strip(),
        abstract=result.summary.strip(),
        authors=tuple(author.name.strip() for author in result.authors),
        categories=tuple(result.categories),
        published=_whole_second(result.published),
        updated=_whole_second(result.updated),
        comment=result.comment,
        doi=result.doi,
        journal_ref=result.journal_ref,
    )


def _whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
