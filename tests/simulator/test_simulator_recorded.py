"""The simulated arXiv's Atom, held to answers that arXiv gave.

The recorded papers become a corpus, the simulator is asked what arXiv was asked, and both
answers are compared byte for byte, but for what a simulator cannot know.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from lxml import etree

from digest.model import Paper, PaperId
from digest.simulator import Corpus, Simulator

FOLDER = os.environ.get("DIGEST_RECORDED")
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="DIGEST_RECORDED does not name the folder of recorded answers"
)
NAMES = {"a": "http://www.w3.org/2005/Atom", "x": "http://arxiv.org/schemas/atom"}
#: Answers in the format of before 2025-11-11.
LEGACY = "james-akl"
NOW = datetime(2026, 11, 1, tzinfo=UTC)

ERRORS = {
    "gen_err_emptyquery": {"search_query": ""},
    "gen_err_idtrailing": {"id_list": "1101.0600,"},
    "gen_err_max_int": {"search_query": "a", "max_results": "x"},
    "gen_err_max_neg": {"search_query": "a", "max_results": "-1"},
    "gen_err_noquery": {},
    "gen_err_parens": {"search_query": "(ti:space"},
    "gen_err_sortby": {"search_query": "a", "sortBy": "x"},
    "gen_err_sortorder": {"search_query": "a", "sortOrder": "x"},
    "gen_err_start_int": {"search_query": "a", "start": "x"},
    "gen_err_start_neg": {"search_query": "a", "start": "-1"},
    "gen_err_500_generic": {"search_query": "a", "max_results": "0"},
    "arxivpy_id_abc": {"id_list": "abc"},
    "live_error_400": {"search_query": "( ( )"},
}


def recorded(folder: str, pattern: str) -> list[Path]:
    root = Path(FOLDER or "missing") / folder
    return sorted(path for path in root.glob(pattern) if LEGACY not in path.name)


FEEDS = [path for path in recorded("atom", "*.xml") if "400" not in path.name]
ERROR_FEEDS = [
    *recorded("atom", "*400*.xml"),
    *recorded("from_arxiv_server_code/classic_api", "*http[45]00.xml"),
]


@dataclass(frozen=True)
class Question:
    search: str
    ids: str
    start: str
    max_results: str


def question_of(feed: etree._Element) -> Question:
    asked = re.fullmatch(
        r"arXiv Query: search_query=(.*)&id_list=(.*)&start=(\d+)&max_results=(\d+)",
        str(feed.findtext("a:title", namespaces=NAMES)),
    )
    assert asked
    return Question(*asked.groups())


def papers_of(feed: etree._Element) -> Iterator[Paper]:
    for entry in feed.findall("a:entry", NAMES):

        def text(path: str, entry: etree._Element = entry) -> str | None:
            return entry.findtext(path, namespaces=NAMES)

        url = str(text("a:id"))
        name = PaperId.parse(url)
        yield Paper(
            id=name.base,
            version=name.version or 1,
            url=url,
            title=str(text("a:title")),
            abstract=str(text("a:summary")),
            authors=tuple(str(a.text) for a in entry.findall("a:author/a:name", NAMES)),
            categories=tuple(str(c.get("term")) for c in entry.findall("a:category", NAMES)),
            published=datetime.fromisoformat(str(text("a:published"))),
            updated=datetime.fromisoformat(str(text("a:updated"))),
            comment=text("x:comment"),
            doi=" ".join(str(doi.text) for doi in entry.findall("x:doi", NAMES)) or None,
            journal_ref=text("x:journal_ref"),
        )


def ask(corpus: Corpus, **params: str) -> httpx.Response:
    simulator = Simulator(corpus, now=lambda: NOW)
    with httpx.Client(transport=simulator.transport()) as client:
        return client.get("https://export.arxiv.org/api/query", params=params)


def entries_of(feed: str) -> list[str]:
    return re.findall(r"  <entry>\n.*?  </entry>\n", feed, re.DOTALL)


def without_time_of_request(feed: str) -> str:
    return re.sub(r"<updated>[^<]*</updated>", "<updated/>", feed)


def head_of(feed: str) -> str:
    """All before the entries, without the total: that is of all of arXiv."""
    head = without_time_of_request(feed).partition("  <entry>")[0].partition("</feed>")[0]
    return re.sub(r"<(opensearch:totalResults)>\d+<", r"<\1><", head)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_the_entries_of_a_recorded_feed_come_out_byte_for_byte(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    papers = list(papers_of(etree.fromstring(text.encode())))
    if not papers:
        assert "<opensearch:totalResults>0<" in text
        return
    announced = {paper.id: date(1991, 8, 14) for paper in papers}
    ids = ",".join(f"{paper.id}v{paper.version}" for paper in papers)
    answer = ask(Corpus.of(papers, announced), id_list=ids, max_results=str(len(papers)))
    # The corpus has no affiliations.
    expected = re.sub(r" *<arxiv:affiliation>.*?</arxiv:affiliation>\n", "", text)
    assert len(entries_of(text)) == len(papers)
    assert sorted(entries_of(answer.text)) == sorted(entries_of(expected))


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_the_head_of_a_recorded_feed_comes_out_with_its_hash_and_its_link(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    asked = question_of(etree.fromstring(text.encode()))
    params = {"search_query": asked.search} if asked.search else {"id_list": asked.ids}
    answer = ask(Corpus.of([]), start=asked.start, max_results=asked.max_results, **params)
    assert head_of(answer.text) == head_of(text)
    assert answer.text.endswith("</feed>\n")


@pytest.mark.parametrize("path", ERROR_FEEDS, ids=lambda path: path.name)
def test_a_recorded_error_feed_comes_out_byte_for_byte(path: Path) -> None:
    (params,) = [params for name, params in ERRORS.items() if path.name.startswith(name)]
    answer = ask(Corpus.of([]), **params)
    expected = path.read_text(encoding="utf-8")
    assert (
        without_time_of_request(answer.text).rstrip() == without_time_of_request(expected).rstrip()
    )
    status = re.search(r"(400|500)", path.name)
    assert status and answer.status_code == int(status[0])


def test_a_recorded_404_comes_out_byte_for_byte() -> None:
    (path,) = recorded("from_arxiv_server_code/classic_api", "*404.xml")
    simulator = Simulator(Corpus.of([]), now=lambda: NOW)
    answer = simulator.handle(httpx.Request("GET", "https://export.arxiv.org/api/nothing"))
    expected = path.read_text(encoding="utf-8")
    assert answer.status_code == 404
    assert without_time_of_request(answer.text) == without_time_of_request(expected)


def test_recorded_answers_were_found() -> None:
    assert len(FEEDS) > 15 and len(ERROR_FEEDS) > 10
