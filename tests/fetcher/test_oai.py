"""Reading OAI-PMH: what a record tells, what is refused, and what is read nevertheless."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import httpx
import pytest
from asking import invented
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.fetcher.document import Rejected
from digest.fetcher.oai.records import OaiRefusal, Page, Record, parse_headers, parse_records
from digest.model.errors import FetchError, Refused, Unavailable
from digest.simulator import Corpus, Limits, Simulator

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
RECORDED = Path(os.environ.get("DIGEST_RECORDED", "missing"))
recorded = pytest.mark.skipif(
    not RECORDED.exists(), reason="DIGEST_RECORDED names no folder with arXiv's recorded answers"
)


def document(corpus: Corpus, verb: str = "ListRecords", limit: int = 2000) -> bytes:
    """What the simulated arXiv answers, with all of a corpus in it."""
    simulator = Simulator(corpus, now=lambda: NOW, limits=Limits(limit, limit))
    client = httpx.Client(transport=simulator.transport())
    params = {"verb": verb, "metadataPrefix": "arXivRaw"}
    return client.get("https://oaipmh.arxiv.org/oai", params=params).content


@cache
def one() -> str:
    """The record of one paper with two versions, in a list with another one."""
    papers = [
        invented("2603.01000", NOON),
        invented(
            "2603.01000", NOON, version=2, updated=datetime(2026, 3, 10, 9, 30, 1, tzinfo=UTC)
        ),
        invented("2603.01001", NOON),
    ]
    return document(Corpus.of(papers)).decode()


def records(text: str) -> Page[Record]:
    return parse_records(text.encode())


# What a record tells.


def test_a_paper_is_as_the_query_api_tells_it() -> None:
    corpus = Corpus.generate(
        seed=5, first=date(2026, 3, 9), last=date(2026, 3, 11), per_day=60, revised=0.5
    )
    page = parse_records(document(corpus))
    assert page.rejected == () and page.token is None
    assert len(page.items) == len(corpus) > 150
    horizon = date(2026, 3, 20).toordinal()
    for record in page.items:
        index = corpus.find(record.paper.id)
        assert index is not None
        public = corpus.public_versions(index, horizon)
        paper = corpus.paper(index, max(public))
        assert record.paper == paper
        assert {number: int(moment.timestamp()) for number, moment in record.versions} == public
        assert record.datestamp.toordinal() == max(
            day for day in corpus.announcements(index) if day <= horizon
        )


def test_versions_may_come_in_any_order() -> None:
    versions = re.findall(r" *<version .*?</version>\n", one(), re.DOTALL)[1:]
    swapped = one().replace("".join(versions), versions[1] + versions[0])
    assert swapped != one()
    assert sorted(map(str, records(swapped).items)) == sorted(map(str, records(one()).items))
    revised = next(item for item in records(swapped).items if item.paper.version == 2)
    assert revised.paper.published == NOON
    assert revised.paper.updated == datetime(2026, 3, 10, 9, 30, 1, tzinfo=UTC)
    assert revised.paper.url == "http://arxiv.org/abs/2603.01000v2"


def test_a_day_of_one_digit_is_read() -> None:
    (paper, _) = records(one().replace("09 Mar 2026", "9 Mar 2026")).items
    assert paper.paper.published == NOON


def test_identifiers_are_read_with_their_days() -> None:
    text = document(Corpus.of([invented("2603.01000", NOON)]), "ListIdentifiers").decode()
    (header,) = parse_headers(text.encode()).items
    assert (header.id, header.datestamp, header.deleted) == ("2603.01000", date(2026, 3, 10), False)
    (gone,) = parse_headers(text.replace("<header>", '<header status="deleted">').encode()).items
    assert gone.deleted


def test_a_token_is_given_as_it_came_and_an_empty_one_is_none() -> None:
    papers = [invented(f"2603.0100{n}", NOON) for n in range(3)]
    text = document(Corpus.of(papers), limit=2).decode()
    token = records(text).token
    assert token and token.startswith("verb%3DListRecords%26")
    assert records(text.replace(f">{token}<", "> <")).token is None


# What was recorded.


@recorded
def test_a_page_of_2014_is_read_to_its_last_record() -> None:
    (path,) = RECORDED.glob("oai/scirate*")
    page = parse_records(path.read_bytes())
    assert (len(page.items), page.rejected, page.token) == (1000, (), "496549|96001")
    papers = [record.paper for record in page.items]
    assert sum(paper.doi is not None for paper in papers) == 468
    for paper in papers:
        assert "\n" not in paper.title
        assert not re.search(r"\n(?!  \S)", paper.abstract)
        assert paper.authors and not any(re.search(r"[(){},;]", name) for name in paper.authors)
        assert paper.published <= paper.updated


@recorded
@pytest.mark.parametrize("number", [1, 2])
def test_pages_of_the_servers_own_code_are_read(number: int) -> None:
    folder = RECORDED / "from_arxiv_server_code/oai"
    page = parse_records((folder / f"gen_listrecords_arXivRaw_page{number}.xml").read_bytes())
    assert [record.paper.id for record in page.items] == (
        ["0704.0046", "math/0510544", "0806.4129"] if number == 1 else ["0712.3217"]
    )
    assert (page.token is None) == (number == 2)
    assert page.items[0].datestamp == (date(2009, 11, 13) if number == 1 else date(2015, 5, 12))


@recorded
def test_a_single_recorded_record_is_read() -> None:
    path = RECORDED / "from_arxiv_server_code/oai/gen_getrecord_arXivRaw.xml"
    (record,) = parse_records(path.read_bytes(), "GetRecord").items
    assert record.paper.version == 6
    assert record.paper.authors == ("Roldao da Rocha", "Waldyr A. Rodrigues Jr")
    assert record.paper.categories == ("math-ph", "math.MP")
    assert record.paper.published == datetime(2008, 6, 25, 15, 29, 38, tzinfo=UTC)
    assert record.paper.updated == datetime(2014, 12, 12, 13, 15, 28, tzinfo=UTC)


@recorded
def test_every_recorded_error_is_named() -> None:
    codes = set()
    for path in RECORDED.glob("from_arxiv_server_code/oai/gen_err_*.xml"):
        with pytest.raises(OaiRefusal) as caught:
            parse_records(path.read_bytes())
        codes.add(caught.value.code)
        assert caught.value.code in caught.value.message
    assert codes == {
        *("badArgument", "badResumptionToken", "badVerb", "cannotDisseminateFormat"),
        *("idDoesNotExist", "noRecordsMatch"),
    }


# What is unusable.


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<id>2603.01000</id>", "<id>2603.01009</id>", "another one"),
        ("<id>2603.01000</id>", "<id>2603.01000v2</id>", "not the id of a work"),
        ("oai:arXiv.org:2603.01000", "oai:elsewhere:2603.01000", "not one of arXiv's"),
        ("oai:arXiv.org:2603.01000", "oai:arXiv.org:tide", "not an arXiv id"),
        ('version="v1"', 'version="v3"', "no first version"),
        ('version="v1"', 'version="v2"', "no number of its own"),
        ('version="v1"', 'version="v0"', "no number of its own"),
        ('version="v1"', "", "no number of its own"),
        ("Mon, 09 Mar", "Mon, 31 Feb", "day is out of range"),
        ("12:00:00 GMT", "12:00:00 CET", "is no date"),
        ("12:00:00 GMT", "12:61:00 GMT", "minute must be in"),
        ("09 Mar 2026", "09 Mär 2026", "is no date"),
        (">cs.CL<", "> <", "no category"),
        ("title>", "titel>", "no <title>"),
        ("abstract>", "summary>", "no <abstract>"),
        ("<title>", "<title>x</title><title>", "2 <title>"),
        ("<title>", "<title><b/>", "elements inside"),
        ("arXivRaw", "arXivOld", "no <arXivRaw>"),
        ("<header>", '<header status="deleted">', "deleted"),
        ("<datestamp>2026-03-1", "<datestamp>2026-13-1", "month must be in"),
        ("<datestamp>2026-03-1", "<datestamp>26-03-1", "is no date"),
        ("We count", "x" * 600_000, "too long"),
    ],
)
def test_a_record_that_is_no_usable_paper_is_told_and_the_others_are_read(
    old: str, new: str, reason: str
) -> None:
    start, found, rest = one().partition("<record>")
    first, end, others = (found + rest).partition("</record>")
    if "2603.01000<" not in first:  # the revised paper comes last
        start, found, rest = one().rpartition("<record>")
        first, end, others = (found + rest).partition("</record>")
    broken = first.replace(old, new)
    assert broken != first
    page = records(start + broken + end + others)
    assert [record.paper.id for record in page.items] == ["2603.01001"]
    (rejected,) = page.rejected
    assert reason in rejected.reason
    assert isinstance(rejected, Rejected)


def test_when_no_record_is_usable_the_format_has_changed() -> None:
    with pytest.raises(Refused, match=r"have changed: 2603\.0100.: it has no <title>"):
        records(one().replace("title>", "titel>"))


@pytest.mark.parametrize(
    "text",
    [
        one().replace("ListRecords>", "List>"),
        re.sub("<record>.*</record>", "", one(), flags=re.DOTALL),
    ],
)
def test_an_answer_without_its_elements_has_changed(text: str) -> None:
    with pytest.raises(Refused, match="have changed"):
        records(text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"Rate exceeded.",
        b"<html><body>Error 503 first byte timeout</body></html>",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<feed xmlns="http://www.w3.org/2005/Atom"/>',
    ],
)
def test_what_is_no_oai_document_is_worth_another_try(body: bytes) -> None:
    with pytest.raises(Unavailable):
        parse_records(body)


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE OAI-PMH [<!ENTITY a "tide"><!ENTITY b "&a;&a;&a;">]>'
    text = one().replace("<OAI-PMH", f"{bomb}<OAI-PMH", 1).replace("We count", "&b;")
    with pytest.raises(Unavailable, match="document type"):
        records(text)


def test_an_answer_is_whole_or_it_is_nothing() -> None:
    body = one().encode()
    for length in range(0, len(body), 97):
        with pytest.raises(Unavailable):
            parse_records(body[:length])


# Anything at all.


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A document with pieces of it cut out, doubled, moved or replaced."""
    body = one().encode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.sampled_from((0, 1, 7, 60, 900))))
        instead = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from((b"", body[start:end] * 2, b"<x/>", b"&#0;", b"</record>", b"v1")),
            )
        )
        body = body[:start] + instead + body[end:]
    return body


@settings(max_examples=60)
@given(damaged(), st.sampled_from((parse_records, parse_headers)))
def test_damage_is_an_error_of_ours_or_harmless(
    body: bytes, parse: Callable[[bytes], Page[object]]
) -> None:
    with suppress(FetchError):
        assert isinstance(parse(body), Page)


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(("id", "date", "title", "authors", "categories", "abstract", "datestamp")),
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40),
    )
)
def test_any_content_of_an_element_is_a_paper_or_a_reason(contents: dict[str, str]) -> None:
    text = one()
    for name, content in contents.items():
        before, _, rest = text.partition(f"<{name}>")
        text = f"{before}<{name}>{escape(content)}</{name}>{rest.partition('>')[2]}"
    with suppress(Unavailable):  # such as a character that XML cannot hold
        page = records(text)
        assert len(page.items) + len(page.rejected) == 2
