"""The answers of arXiv's OAI-PMH interface, checked strictly, made into papers.

The format is arXivRaw: the only one that tells the date of a work's first version. It has the
newest version's texts and the dates of all versions; `oai_text` tells how they are worded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

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
from digest.fetcher.oai.texts import abstract, line, names
from digest.model import Paper, PaperId
from digest.model.errors import Refused

_T = TypeVar("_T")

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_PREFIX = "oai:arXiv.org:"

_TEXTS = {f"{_RAW}title", f"{_RAW}abstract"}

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"v([1-9]\d{0,3})", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOMENT = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d?) ({'|'.join(_MONTHS)}) (\d{{4}})"
    r" (\d\d):(\d\d):(\d\d) GMT",
    re.ASCII,
)


class OaiRefusal(Refused):
    """An error of the protocol, such as `noRecordsMatch`: `code` is its name."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"arXiv refused the request: {code}: {message}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Header:
    """A work by its base id, and the UTC date on which arXiv last touched its record."""

    id: str
    datestamp: date
    deleted: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A work in its newest version, when its record was last touched, and all its versions.

    `versions` holds number and submission of each, ascending, the first one among them.
    """

    paper: Paper
    datestamp: date
    versions: tuple[tuple[int, datetime], ...]


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """One answer: its items in arXiv's order, what was unusable, and how to ask for more.

    `token` is None on the last page of a list.
    """

    items: tuple[_T, ...]
    rejected: tuple[Rejected, ...]
    token: str | None


def parse_records(body: bytes, verb: str = "ListRecords") -> Page[Record]:
    """Read an answer to ListRecords, or to GetRecord.

    Raises OaiRefusal if it is an error of the protocol, Unavailable if it is no whole OAI-PMH
    document, Refused if the elements that arXiv documents are not there.
    """
    return _page(body, verb, "record", _record)


def parse_headers(body: bytes) -> Page[Header]:
    """Read an answer to ListIdentifiers. Raises as `parse_records` does."""
    return _page(body, "ListIdentifiers", "header", _header)


def parse_identity(body: bytes) -> dict[str, str]:
    """Read an answer to Identify: its elements by name. Raises as `parse_records` does."""
    root = root_of(body, f"{_OAI}OAI-PMH", "OAI-PMH document")
    answer = root.find(f"{_OAI}Identify")
    if answer is None:
        raise changed("there is no <Identify>")
    return {
        split_tag(element.tag)[1]: (element.text or "").strip()
        for element in answer.iterchildren(etree.Element)
    }


def _page(body: bytes, verb: str, name: str, read: Callable[[etree._Element], _T]) -> Page[_T]:
    root = root_of(body, f"{_OAI}OAI-PMH", "OAI-PMH document")
    for error in root.findall(f"{_OAI}error"):
        raise OaiRefusal(error.get("code", ""), " ".join((error.text or "").split()))
    answer = root.find(f"{_OAI}{verb}")
    if answer is None:
        raise changed(f"there is no <{verb}>")
    items: list[_T] = []
    rejected: list[Rejected] = []
    elements = answer.findall(f"{_OAI}{name}")
    if not elements:
        raise changed(f"<{verb}> has no <{name}>")
    for element in elements:
        try:
            items.append(read(element))
        except ValueError as error:
            told = next(element.iter(f"{_OAI}identifier"), None)
            base = "" if told is None else (told.text or "").strip().removeprefix(_PREFIX)
            rejected.append(Rejected.of(base, str(error)))
    if not items and len(rejected) > 1:
        raise changed(f"{rejected[0].id}: {rejected[0].reason}")
    token = answer.findtext(f"{_OAI}resumptionToken", "").strip()
    return Page(tuple(items), tuple(rejected), token or None)


def _header(element: etree._Element) -> Header:
    name = _text(element, f"{_OAI}identifier").strip()
    if not name.startswith(_PREFIX):
        raise ValueError(f"its <identifier> is not one of arXiv's: {name!r}")
    stamp = _text(element, f"{_OAI}datestamp").strip()
    if not _DAY.fullmatch(stamp):
        raise ValueError(f"its <datestamp> is no date: {stamp!r}")
    base = _base(name.removeprefix(_PREFIX))
    return Header(base, date.fromisoformat(stamp), element.get("status") == "deleted")


def _record(element: etree._Element) -> Record:
    header = _header(_only(element, f"{_OAI}header"))
    if header.deleted:
        raise ValueError("arXiv has deleted its record")
    raw = _only(_only(element, f"{_OAI}metadata"), f"{_RAW}arXivRaw")
    base = _base(_text(raw, f"{_RAW}id").strip())
    if base != header.id:
        raise ValueError(f"its <id> is another one: {base}")
    versions = _versions(raw)
    newest, updated = versions[-1]
    categories = tuple(_text(raw, f"{_RAW}categories").split())
    if not categories:
        raise ValueError("it has no category")
    authors = names(_text(raw, f"{_RAW}authors"))
    if len(authors) > MOST_AUTHORS:
        raise ValueError("it has too many authors")
    paper = Paper(
        id=base,
        version=newest,
        # As the query API names a version.
        url=f"http://arxiv.org/abs/{base}v{newest}",
        title=line(_text(raw, f"{_RAW}title")),
        abstract=abstract(_text(raw, f"{_RAW}abstract")),
        authors=authors,
        categories=categories,
        published=versions[0][1],
        updated=updated,
        comment=_line_or_none(raw, "comments"),
        doi=_first_word(raw, "doi"),
        journal_ref=_line_or_none(raw, "journal-ref"),
    )
    return Record(paper, header.datestamp, versions)


def _versions(raw: etree._Element) -> tuple[tuple[int, datetime], ...]:
    """Number and date of every version; arXiv does not promise their order."""
    versions: dict[int, datetime] = {}
    for element in raw.findall(f"{_RAW}version"):
        number = _NUMBER.fullmatch(element.get("version", ""))
        if number is None or int(number[1]) in versions:
            raise ValueError(f"a <version> has no number of its own: {element.get('version')!r}")
        versions[int(number[1])] = _moment(_text(element, f"{_RAW}date").strip())
    if 1 not in versions:
        raise ValueError("it has no first version")
    return tuple(sorted(versions.items()))


def _moment(text: str) -> datetime:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"the <date> of a version is no date: {text!r}")
    day, month, year, *clock = found.groups()
    hour, minute, second = map(int, clock)
    number = _MONTHS.index(month) + 1
    return datetime(int(year), number, int(day), hour, minute, second, tzinfo=UTC)


def _base(text: str) -> str:
    paper = PaperId.parse(text)
    if str(paper) != text or paper.version is not None:
        raise ValueError(f"{text!r} is not the id of a work")
    return paper.base


def _line_or_none(raw: etree._Element, name: str) -> str | None:
    return line(_text(raw, f"{_RAW}{name}", required=False)) or None


def _first_word(raw: etree._Element, name: str) -> str | None:
    """Several DOIs stand in one element; the query API's first one is what a paper is given."""
    words = _text(raw, f"{_RAW}{name}", required=False).split()
    return words[0] if words else None


def _only(element: etree._Element, tag: str) -> etree._Element:
    found = element.findall(tag)
    if len(found) != 1:
        raise ValueError(f"it has {len(found) or 'no'} <{split_tag(tag)[1]}>")
    return found[0]


def _text(element: etree._Element, tag: str, *, required: bool = True) -> str:
    if not required and element.find(tag) is None:
        return ""
    child, (_, name) = _only(element, tag), split_tag(tag)
    if len(child):
        raise ValueError(f"its <{name}> has elements inside")
    text = child.text or ""
    if len(text) > (LONGEST_TEXT if tag in _TEXTS else LONGEST_FIELD):
        raise ValueError(f"its <{name}> is too long: {len(text):,} characters")
    return text
