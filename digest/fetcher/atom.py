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
from digest.fetcher.document import (
    LONGEST_FIELD,
    LONGEST_TEXT,
    MOST_AUTHORS,
    Rejected,
    changed,
    root_of,
)
from digest.model import Paper, PaperId

_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_TEXTS = {f"{_ATOM}title", f"{_ATOM}summary"}
_DATE = re.compile(r"\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\s*")

#: arXiv has three million papers; whoever promises a hundred times more would send pages for ever.
_COUNT = re.compile(r"\d{1,8}", re.ASCII)

_LINK = re.compile(r"\s*https?://(?:[a-z]+\.)?arxiv\.org/abs/")


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
    if not entries:
        _raise_for_others(root)
    rejected: list[Rejected] = []
    for entry in entries:
        reason = _defect(entry)
        if reason:
            rejected.append(Rejected.of(_text(entry, "id").rpartition("/abs/")[2], reason))
            root.remove(entry)
    if len(rejected) == len(entries) > 1:
        raise changed(f"{rejected[0].id}: {rejected[0].reason}")
    # One paper may have no author; a page of them has none that this program can see.
    if len(entries) > 1 and root.find(f"{_ATOM}entry/{_ATOM}author") is None:
        raise changed("no entry has an <author>")
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


def _raise_for_others(root: etree._Element) -> None:
    """A feed without papers has no element with others inside: that would be an entry renamed."""
    for element in root.iterchildren(etree.Element):
        if len(element):
            raise changed(f"there is no <entry> but <{etree.QName(element).localname}>")


def _count(root: etree._Element, name: str) -> int:
    text = root.findtext(f"{_OPENSEARCH}{name}", "").strip()
    if not _COUNT.fullmatch(text):
        raise changed(f"<opensearch:{name}> is no number of papers: {text!r}")
    return int(text)


def _defect(entry: etree._Element) -> str:
    """Why an entry is no usable paper; empty if it is one."""
    return _wrong_text(entry) or _excess(entry) or _wrong_group(entry) or _wrong_id(entry)


def _wrong_text(entry: etree._Element) -> str:
    for name in ("id", "title", "summary", "published", "updated"):
        element = entry.find(f"{_ATOM}{name}")
        if element is None:
            return f"it has no <{name}>"
        if len(element):
            return f"its <{name}> has elements inside"
        if name in ("published", "updated") and not _is_date(element.text or ""):
            return f"its <{name}> is no date: {element.text!r}"
    return ""


def _wrong_group(entry: etree._Element) -> str:
    if any(author.find(f"{_ATOM}name") is None for author in entry.iterfind(f"{_ATOM}author")):
        return "its <author> has no <name>"
    if not any(category.get("term") for category in entry.iterfind(f"{_ATOM}category")):
        return "it has no <category> with a term"
    return ""


def _wrong_id(entry: etree._Element) -> str:
    try:
        paper = PaperId.parse(_text(entry, "id"))
    except ValueError as error:
        return str(error)
    if not _LINK.match(_text(entry, "id")):
        return f"its <id> is no link to arXiv: {paper}"  # it is what a digest links to
    return "" if paper.version else f"its <id> has no version: {paper}"


def _excess(entry: etree._Element) -> str:
    """What of an entry is larger than anything on arXiv; empty if nothing is."""
    for element in entry.iter(etree.Element):
        longest = max(map(len, (element.text or "", *element.attrib.values())))
        if longest > (LONGEST_TEXT if element.tag in _TEXTS else LONGEST_FIELD):
            return f"its <{etree.QName(element).localname}> is too long"
    if len(entry.findall(f"{_ATOM}author")) > MOST_AUTHORS:
        return "it has too many authors"
    return ""


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
