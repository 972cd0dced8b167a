"""arXiv's Atom answers: checked strictly to the last tag, then records of the `arxiv` package.

The package's own parser would repair a truncated page and drop an entry without a date in silence.
So the bytes are read here, once, each entry is checked while it is read, and only what is whole
becomes a record (`docs/decisions/001-arxiv-adapter.md`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import arxiv
from lxml import etree

from digest.fetcher.document import (
    LONGEST_FIELD,
    LONGEST_TEXT,
    MOST_AUTHORS,
    Rejected,
    changed,
    root_of,
    split_tag,
)
from digest.model import Paper, PaperId
from digest.model.errors import Refused, Unavailable

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_NAME, _AUTHOR, _CATEGORY = f"{_ATOM}name", f"{_ATOM}author", f"{_ATOM}category"
_PUBLISHED, _UPDATED = f"{_ATOM}published", f"{_ATOM}updated"
_COMMENT, _JOURNAL_REF, _DOI = f"{_ARXIV}comment", f"{_ARXIV}journal_ref", f"{_ARXIV}doi"

#: What every paper has, in the order in which it is looked at.
_NEEDED = (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}summary", _PUBLISHED, _UPDATED)

#: What stands once in an entry; of a second one nothing is read.
_SINGLE = frozenset((*_NEEDED, _COMMENT, _JOURNAL_REF, _DOI))

#: The most characters of what is read.
_LONGEST = dict.fromkeys((*_SINGLE, _NAME, _CATEGORY), LONGEST_FIELD) | dict.fromkeys(
    (f"{_ATOM}title", f"{_ATOM}summary"), LONGEST_TEXT
)

_DATE = re.compile(r"\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\s*")

#: arXiv has three million papers; whoever promises a hundred times more would send pages for ever.
_COUNT = re.compile(r"\d{1,8}", re.ASCII)

_LINK = re.compile(r"\s*https?://(?:[a-z]+\.)?arxiv\.org/abs/")


class _Unusable(Exception):
    """Why an entry is no usable paper."""


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
    papers: list[Paper] = []
    rejected: list[Rejected] = []
    for entry in entries:
        try:
            papers.append(_paper(_record(entry)))
        except _Unusable as unusable:
            shown = _text(entry, "id").rpartition("/abs/")[2]
            rejected.append(Rejected.of(shown, str(unusable)))
    if len(rejected) == len(entries) > 1:
        raise changed(f"{rejected[0].id}: {rejected[0].reason}")
    # One paper may have no author; a page of them has none that this program can see.
    if len(entries) > 1 and root.find(f"{_ATOM}entry/{_AUTHOR}") is None:
        raise changed("no entry has an <author>")
    return Page(total, len(entries), tuple(papers), tuple(rejected))


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
            raise changed(f"there is no <entry> but <{split_tag(element.tag)[1]}>")


def _count(root: etree._Element, name: str) -> int:
    text = root.findtext(f"{_OPENSEARCH}{name}", "").strip()
    if not _COUNT.fullmatch(text):
        raise changed(f"<opensearch:{name}> is no number of papers: {text!r}")
    return int(text)


def _record(entry: etree._Element) -> arxiv.Result:
    """The record of an entry. Raises _Unusable."""
    single: dict[str, etree._Element] = {}
    authors: list[etree._Element] = []
    categories: list[str] = []
    for element in entry.iterchildren(etree.Element):
        tag = str(element.tag)
        if tag in _SINGLE:
            single.setdefault(tag, element)
        elif tag == _AUTHOR:
            authors.append(element)
        elif tag == _CATEGORY:
            categories.append(_bounded(tag, element.get("term") or ""))
    entry_id, title, summary, published, updated = (
        _needed(single.get(tag), tag) for tag in _NEEDED
    )
    if len(authors) > MOST_AUTHORS:
        raise _Unusable("it has too many authors")
    record = arxiv.Result(
        _checked_id(entry_id),
        title=title,
        summary=summary,
        published=_moment(_PUBLISHED, published),
        updated=_moment(_UPDATED, updated),
        authors=[arxiv.Result.Author(_name(author)) for author in authors],
        categories=[term for term in categories if term],
    )
    if not record.categories:
        raise _Unusable("it has no <category> with a term")
    record.comment = _optional(single.get(_COMMENT))
    record.journal_ref = _optional(single.get(_JOURNAL_REF))
    record.doi = _optional(single.get(_DOI))
    return record


def _needed(element: etree._Element | None, tag: str) -> str:
    if element is None:
        raise _Unusable(f"it has no <{_local(tag)}>")
    if len(element):
        raise _Unusable(f"its <{_local(tag)}> has elements inside")
    return _bounded(tag, element.text or "")


def _optional(element: etree._Element | None) -> str | None:
    return None if element is None else _bounded(str(element.tag), element.text or "") or None


def _name(author: etree._Element) -> str:
    name = author.find(_NAME)
    if name is None:
        raise _Unusable("its <author> has no <name>")
    return _bounded(_NAME, name.text or "")


def _bounded(tag: str, text: str) -> str:
    """The text, unless it is longer than anything on arXiv."""
    if len(text) > _LONGEST[tag]:
        raise _Unusable(f"its <{_local(tag)}> is too long")
    return text


def _moment(tag: str, text: str) -> datetime:
    """A moment in UTC, to the second."""
    try:
        moment = datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not _DATE.fullmatch(text):
        raise _Unusable(f"its <{_local(tag)}> is no date: {text!r}")
    return moment.replace(microsecond=0)


def _checked_id(text: str) -> str:
    """The id, if it is a link to a version of a paper on arXiv: it is what a digest links to."""
    try:
        paper = PaperId.parse(text)
    except ValueError as error:
        raise _Unusable(str(error)) from None
    if not _LINK.match(text):
        raise _Unusable(f"its <id> is no link to arXiv: {paper}")
    if not paper.version:
        raise _Unusable(f"its <id> has no version: {paper}")
    return text.strip()


def _paper(record: arxiv.Result) -> Paper:
    paper = PaperId.parse(record.entry_id)
    return Paper(
        id=paper.base,
        version=paper.version or 1,
        url=record.entry_id,
        title=" ".join(record.title.split()),
        abstract=record.summary.strip(),
        authors=tuple(author.name.strip() for author in record.authors),
        categories=tuple(record.categories),
        published=record.published,
        updated=record.updated,
        comment=record.comment,
        doi=record.doi,
        journal_ref=record.journal_ref,
    )


def _text(entry: etree._Element, name: str) -> str:
    return entry.findtext(f"{_ATOM}{name}", "") or ""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
