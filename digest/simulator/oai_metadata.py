"""A record's metadata in the formats of arXiv's OAI-PMH interface.

arXivRaw has the submission of every version and keeps TeX; arXivOld is the same without versions.
In arXiv and oai_dc the texts have characters in place of TeX, and names are taken apart; `created`
of arXiv is, since 2025, the submission of the newest version. Works of a corpus have no submitter,
size, licence or classification: what stands there is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from xml.sax.saxutils import escape

from digest.model import Paper
from digest.simulator.oai_sets import NAMES, set_of
from digest.simulator.oai_tex import tex

_LICENSE: Final = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_PARTICLES: Final = frozenset(
    ("van", "der", "den", "de", "la", "von", "del", "della", "da", "di", "du", "le", "ter")
)
_SUFFIXES: Final = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))


@dataclass(frozen=True, slots=True)
class Work:
    """A work as a record shows it: its newest version, all submissions, the last change."""

    paper: Paper
    versions: Mapping[int, int]
    datestamp: date


def quoted(text: str) -> str:
    """Escaped as the server's templates do it."""
    return escape(text, {"'": "&#39;", '"': "&#34;"})


def _raw(work: Work) -> Iterator[str]:
    paper = work.paper
    yield from _opened("arXivRaw", paper.id)
    yield _line("submitter", tex(next(iter(paper.authors), "")))
    for number, submitted in sorted(work.versions.items()):
        yield f'            <version version="v{number}">\n'
        yield f"                <date>{_rfc_date(submitted)}</date>\n"
        yield f"                <size>{len(paper.abstract) // 100 + 1}kb</size>\n"
        yield "            </version>\n"
    yield from _texts(paper)
    yield _optional("license", _LICENSE)
    yield _optional("abstract", tex(paper.abstract))
    yield "    </arXivRaw>\n"


def _old(work: Work) -> Iterator[str]:
    yield from _opened("arXivOld", work.paper.id)
    yield from _texts(work.paper)
    yield _optional("abstract", tex(work.paper.abstract))
    yield _optional("license", _LICENSE)
    yield "    </arXivOld>\n"


def _arxiv(work: Work) -> Iterator[str]:
    paper = work.paper
    yield from _opened("arXiv", paper.id)
    yield _line("created", f"{paper.updated:%Y-%m-%d}")
    yield _optional("updated", work.datestamp.isoformat())
    yield "        <authors>\n"
    for author in paper.authors:
        yield "                <author>\n"
        for name, part in zip(("keyname", "forenames", "suffix"), _parts(author), strict=True):
            indent = "" if name == "keyname" else "    "
            yield f"                    {indent}<{name}>{quoted(part)}</{name}>\n" if part else ""
        yield "                </author>\n"
    yield "        </authors>\n"
    yield _line("title", paper.title)
    yield _optional("categories", " ".join(paper.categories))
    yield _details(paper, str)
    yield _optional("license", _LICENSE)
    yield _optional("abstract", paper.abstract)
    yield "    </arXiv>\n"


def _dublin_core(work: Work) -> Iterator[str]:
    paper = work.paper
    link = f"://arxiv.org/abs/{paper.id}"
    yield (
        f'<oai_dc:dc xmlns:oai_dc="{_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:xsi="{_XSI}" xsi:schemaLocation="{_DC}'
        ' https://www.openarchives.org/OAI/2.0/oai_dc.xsd">\n'
    )
    yield _line("dc:title", paper.title)
    for author in paper.authors:
        keyname, forenames, suffix = _parts(author)
        family = " ".join(filter(None, (keyname, suffix)))
        yield _optional("dc:creator", ", ".join(filter(None, (family, forenames))))
    # Twins have one name and stand once.
    for subject in dict.fromkeys(NAMES.get(set_of(name), name) for name in paper.categories):
        yield _optional("dc:subject", subject)
    yield _optional("dc:description", f"{paper.abstract} ")
    yield _optional("dc:description", paper.comment)
    yield _line("dc:date", f"{paper.published:%Y-%m-%d}")
    if paper.updated != paper.published:
        yield _optional("dc:date", f"{paper.updated:%Y-%m-%d}")
    yield _line("dc:type", "text")
    yield _line("dc:identifier", f"https{link}")
    yield _line("dc:identifier", f"http{link}")
    yield _optional("dc:identifier", paper.journal_ref)
    yield _optional("dc:identifier", paper.doi and f"doi:{paper.doi}")
    yield "    </oai_dc:dc>\n"


#: Every format by its prefix, in the order in which the server lists them.
FORMATS: Final[Mapping[str, Callable[[Work], Iterator[str]]]] = {
    "oai_dc": _dublin_core,
    "arXiv": _arxiv,
    "arXivOld": _old,
    "arXivRaw": _raw,
}


def _opened(name: str, base: str) -> Iterator[str]:
    address = f"http://arxiv.org/OAI/{name}/"
    yield (
        f'<{name} xmlns="{address}" xmlns:xsi="{_XSI}"'
        f' xsi:schemaLocation="{address} https://oaipmh.arxiv.org/OAI/{name}.xsd">\n'
    )
    yield _line("id", base)


def _texts(paper: Paper) -> Iterator[str]:
    yield _line("title", tex(paper.title))
    yield _line("authors", tex(", ".join(paper.authors)))
    yield _line("categories", " ".join(paper.categories))
    yield _details(paper, tex)


def _details(paper: Paper, worded: Callable[[str], str]) -> str:
    return "".join(
        _optional(name, text and worded(text))
        for name, text in (
            ("comments", paper.comment),
            ("journal-ref", paper.journal_ref),
            ("doi", paper.doi),
        )
    )


def _line(name: str, text: str) -> str:
    return f"        <{name}>{quoted(text)}</{name}>\n"


def _optional(name: str, text: str | None) -> str:
    return "" if text is None else f"    {_line(name, text)}"


def _parts(author: str) -> tuple[str, str, str]:
    """Family name with its particles, given names, suffix."""
    words = author.split()
    suffix = words.pop() if len(words) > 1 and words[-1] in _SUFFIXES else ""
    start = max(0, len(words) - 1)
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start]), suffix


def _rfc_date(seconds: int) -> str:
    """`Wed, 25 Jun 2008 15:29:38 GMT`, in whatever language this machine speaks."""
    moment = _moment(seconds)
    weekday, month = _WEEKDAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{weekday}, {moment:%d} {month} {moment:%Y %H:%M:%S} GMT"


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
