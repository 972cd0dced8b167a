"""The simulated arXiv's OAI-PMH, held to what arXiv and its server's own code answered.

The recorded records become a corpus, the simulator is asked what the server was asked, and both
answers are compared byte for byte, but for what a corpus does not know.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from asking import invented
from lxml import etree

from digest.model import Paper
from digest.simulator import Corpus, Limits, Simulator

FOLDER = os.environ.get("DIGEST_RECORDED")
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="DIGEST_RECORDED does not name the folder of recorded answers"
)
CODE = Path(FOLDER or "missing") / "from_arxiv_server_code/oai"
LIVE = Path(FOLDER or "missing") / "oai/agentgraph_listrecords_arXiv_2026-09-20.xml"
NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "r": "http://arxiv.org/OAI/arXivRaw/",
    "a": "http://arxiv.org/OAI/arXiv/",
}
WHEN = datetime(2026, 11, 22, 1, 27, 21, tzinfo=UTC)
WORK = "oai:arXiv.org:0806.4129"

ERRORS = {
    "badargument_date": {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "2006"},
    "badset": {"verb": "ListRecords", "metadataPrefix": "arXiv", "set": "cs.CL"},
    "badtoken": {"verb": "ListRecords", "resumptionToken": "x"},
    "badverb": {"verb": "Listen"},
    "early": {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "2005-09-15"},
    "format": {"verb": "GetRecord", "identifier": WORK, "metadataPrefix": "marc"},
    "idnotexist": {"verb": "GetRecord", "identifier": "0806.4129", "metadataPrefix": "arXiv"},
    "norecords": {
        "verb": "ListRecords",
        "metadataPrefix": "arXiv",
        "from": "2006-01-01",
        "until": "2006-01-02",
    },
}


def recorded(name: str) -> str:
    return (CODE / f"gen_{name}.xml").read_text(encoding="utf-8")


def ask(corpus: Corpus, params: dict[str, str], limits: Limits = Limits()) -> str:  # noqa: B008
    simulator = Simulator(corpus, now=lambda: WHEN, limits=limits)
    with httpx.Client(transport=simulator.transport()) as client:
        answer = client.get("https://oaipmh.arxiv.org/oai", params=params)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    return answer.text


def record_of(identifier: str, prefix: str) -> dict[str, str]:
    return {"verb": "GetRecord", "identifier": identifier, "metadataPrefix": prefix}


def known(answer: str) -> str:
    """An answer without what a corpus does not know, and with one address for all servers."""
    unknown = "submitter|size|license|msc-class|acm-class|report-no|proxy"
    known = re.sub(rf" *<({unknown})>.*?</\1>\n", "", answer)
    # A classification is a subject, too.
    known = re.sub(r" *<dc:subject>\d.*?</dc:subject>\n", "", known)
    return known.replace("http://localhost/oai", "http://oaipmh.arxiv.org/oai")


def works(answer: str) -> Iterator[tuple[list[Paper], date]]:
    """The works of an answer in arXivRaw, as they stand there, each with its datestamp."""
    for record in etree.fromstring(answer.encode()).iter("{*}record"):

        def text(path: str, record: etree._Element = record) -> str | None:
            return record.findtext(f".//{path}", namespaces=NAMES)

        base = str(text("r:id"))
        paper = replace(
            invented(base, WHEN),
            title=str(text("r:title")),
            abstract=str(text("r:abstract")),
            authors=(str(text("r:authors")),),
            categories=tuple(str(text("r:categories")).split()),
            comment=text("r:comments"),
            doi=text("r:doi"),
            journal_ref=text("r:journal-ref"),
        )
        dates = [
            datetime.strptime(str(version.text), "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
            for version in record.iterfind(".//r:date", NAMES)
        ]
        yield (
            [
                replace(paper, version=number, published=dates[0], updated=moment)
                for number, moment in enumerate(dates, start=1)
            ],
            date.fromisoformat(str(text("o:datestamp"))),
        )


def corpus_of(*answers: str) -> Corpus:
    found = [work for answer in answers for work in works(answer)]
    papers = [paper for versions, _ in found for paper in versions]
    return Corpus.of(papers, {versions[0].id: day for versions, day in found})


def test_a_list_comes_out_in_pages_with_its_token() -> None:
    first, second = (recorded(f"listrecords_arXivRaw_page{number}") for number in (1, 2))
    corpus, limits = corpus_of(first, second), Limits(records=3)
    question = {"metadataPrefix": "arXivRaw", "until": "2020-02-05", "set": "math"}
    page = ask(corpus, {"verb": "ListRecords", **question}, limits)
    assert known(page) == known(first)
    token = re.findall(r"<resumptionToken .*>(.*)</", page)[0]
    rest = ask(corpus, {"verb": "ListRecords", "resumptionToken": token}, limits)
    assert known(rest) == known(second)


def test_identifiers_come_out_in_pages_with_their_token() -> None:
    page = recorded("listidentifiers_page1")
    headers = etree.fromstring(page.encode()).findall(".//o:header", NAMES)
    papers, announced = [], {}
    for header in headers:
        base = str(header.findtext("o:identifier", namespaces=NAMES)).rpartition(":")[2]
        specs = [str(spec.text).split(":")[1:] for spec in header.iterfind("o:setSpec", NAMES)]
        papers.append(
            invented(base, datetime(1999, 1, 1, tzinfo=UTC), categories=tuple(map(".".join, specs)))
        )
        announced[base] = date.fromisoformat(str(header.findtext("o:datestamp", None, NAMES)))
    papers.append(invented("1102.0300", datetime(1999, 1, 1, tzinfo=UTC)))
    announced["1102.0300"] = date(2011, 2, 3)
    corpus, limits = Corpus.of(papers, announced), Limits(identifiers=len(headers))
    answer = ask(corpus, {"verb": "ListIdentifiers", "metadataPrefix": "arXiv"}, limits)
    assert known(answer) == known(page)


@pytest.mark.parametrize("prefix", ["arXivRaw", "arXivOld", "arXiv", "oai_dc"])
def test_a_record_comes_out_in_each_format(prefix: str) -> None:
    ((versions, day),) = works(recorded("getrecord_arXivRaw"))
    papers = versions
    if prefix in ("arXiv", "oai_dc"):
        papers = [replace(one, authors=tuple(one.authors[0].split(", "))) for one in versions]
    corpus = Corpus.of(papers, {versions[0].id: day})
    answer = ask(corpus, record_of(WORK, prefix))
    expected = known(recorded(f"getrecord_{prefix}"))
    assert known(answer) == expected


def test_live_records_come_out_in_the_format_arxiv() -> None:
    text = LIVE.read_text(encoding="utf-8")
    metadata = re.findall(r"<arXiv .*?</arXiv>\n", text, re.DOTALL)
    assert len(metadata) > 2
    for element in etree.fromstring(text.encode()).iterfind(".//o:record", NAMES):

        def value(path: str, element: etree._Element = element) -> str | None:
            return element.findtext(f".//{path}", namespaces=NAMES)

        created = datetime.fromisoformat(f"{value('a:created')}T12:00:00Z")
        base = str(value("a:id"))
        authors = (
            " ".join(
                str(author.findtext(f"a:{part}", namespaces=NAMES))
                for part in ("forenames", "keyname", "suffix")
                if author.find(f"a:{part}", NAMES) is not None
            )
            for author in element.iterfind(".//a:author", NAMES)
        )
        paper = replace(
            invented(base, created),
            title=str(value("a:title")),
            abstract=str(value("a:abstract")),
            authors=tuple(authors),
            categories=tuple(str(value("a:categories")).split()),
            comment=value("a:comments"),
            doi=value("a:doi"),
            journal_ref=value("a:journal-ref"),
        )
        day = date.fromisoformat(str(value("o:datestamp")))
        question = record_of(f"oai:arXiv.org:{base}", "arXiv")
        answer = ask(Corpus.of([paper], {base: day}), question)
        (expected,) = (one for one in metadata if f"<id>{base}</id>" in one)
        assert known(expected) in known(answer)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_comes_out_byte_for_byte(name: str) -> None:
    assert ask(Corpus.of([]), ERRORS[name]) == known(recorded(f"err_{name}"))


@pytest.mark.parametrize("verb", ["Identify", "ListMetadataFormats", "ListSets"])
def test_what_the_repository_tells_of_itself_comes_out_byte_for_byte(verb: str) -> None:
    assert ask(Corpus.of([]), {"verb": verb}) == known(recorded(verb.lower()))


def test_every_recorded_error_was_asked_for() -> None:
    assert {path.stem.removeprefix("gen_err_") for path in CODE.glob("gen_err_*")} == set(ERRORS)
