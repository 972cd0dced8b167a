"""The simulated arXiv's faults: each one in process, by script, and spent when it shows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from lxml import etree

from digest.fetcher.calendar import public_at
from digest.simulator import Corpus, Fault, Simulator

URL = "https://export.arxiv.org/api/query"
ENTRY = "{http://www.w3.org/2005/Atom}entry"
PUBLISHED = "{http://www.w3.org/2005/Atom}published"
NAME = "{http://www.w3.org/2005/Atom}id"
TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
SEARCH = {
    "search_query": "submittedDate:[2026 TO 2027]",
    "sortBy": "submittedDate",
    "max_results": "30",
}
NOW = datetime(2026, 3, 20, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 4), date(2026, 3, 5)

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus.generate(seed=9, first=FIRST, last=LAST, per_day=10, revised=0.0, held=0.0)


@pytest.fixture
def simulator(corpus: Corpus) -> Simulator:
    return Simulator(corpus, now=lambda: NOW)


@pytest.fixture
def ask(simulator: Simulator) -> Ask:
    def get(**params: str) -> httpx.Response:
        with httpx.Client(transport=simulator.transport()) as client:
            return client.get(URL, params=SEARCH | params)

    return get


def entries(response: httpx.Response) -> list[str]:
    assert response.status_code == 200
    feed = etree.fromstring(response.content)
    return [str(entry.findtext(NAME)).rpartition("/")[2][:-2] for entry in feed.findall(ENTRY)]


def total(response: httpx.Response) -> int:
    return int(etree.fromstring(response.content).findtext(TOTAL, ""))


def is_honest(response: httpx.Response, corpus: Corpus) -> bool:
    return sorted(entries(response)) == list(corpus) and total(response) == len(corpus)


def test_without_faults_all_is_well(corpus: Corpus, ask: Ask) -> None:
    assert is_honest(ask(), corpus)


def test_too_many_requests(corpus: Corpus, simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.status(429, times=2))
    for _ in range(2):
        answer = ask()
        assert (answer.status_code, answer.text) == (429, "Rate exceeded.")
        assert "Retry-After" not in answer.headers
    assert is_honest(ask(), corpus)
    assert [exchange.status for exchange in simulator.log] == [429, 429, 200]


def test_a_server_that_says_when_to_come_back(simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.status(503, retry_after=5))
    answer = ask()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_server_that_fails(simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.status(500))
    assert ask().status_code == 500


def test_a_robot_is_denied_with_a_page(simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.status(403, times=None))
    for _ in range(3):
        answer = ask()
        assert answer.status_code == 403
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "Access Denied" in answer.text


def test_http_is_moved_to_https(simulator: Simulator) -> None:
    simulator.fail(Fault.moved())
    with httpx.Client(transport=simulator.transport()) as client:
        answer = client.get("http://export.arxiv.org/api/query?id_list=2603.00001")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://export.arxiv.org/api/query?id_list=2603.00001"


@pytest.mark.parametrize("body", ["", "<html><body>Rate exceeded.</body></html>"])
def test_a_body_that_is_no_feed(body: str, simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.text(body))
    answer = ask()
    assert (answer.status_code, answer.text) == (200, body)


def test_an_error_entry_with_status_200(simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.error_entry("no luck today"))
    answer = ask()
    assert answer.status_code == 200
    assert "/api/errors#no_luck_today</id>" in answer.text


def test_an_empty_page_keeps_its_total(corpus: Corpus, simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.empty_page())
    answer = ask()
    assert not entries(answer) and total(answer) == len(corpus)
    assert is_honest(ask(), corpus)


def test_an_outage_is_an_empty_answer(corpus: Corpus, simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.outage())
    answer = ask()
    assert not entries(answer) and total(answer) == 0
    assert is_honest(ask(), corpus)


def test_a_total_that_moves_between_pages(corpus: Corpus, simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.moving_total(-2, after=1))
    assert [total(ask()) for _ in range(3)] == [len(corpus), len(corpus) - 2, len(corpus)]


def test_a_short_page(corpus: Corpus, simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.short_page(3))
    answer = ask()
    assert len(entries(answer)) == len(corpus) - 3 and total(answer) == len(corpus)


def test_a_paper_twice_on_a_page_costs_another_one(
    corpus: Corpus, simulator: Simulator, ask: Ask
) -> None:
    simulator.fail(Fault.duplicate())
    found = entries(ask())
    assert len(found) == len(corpus) == len(set(found)) + 1


def test_a_poisoned_paper_breaks_its_pages_and_no_others(
    corpus: Corpus, simulator: Simulator, ask: Ask
) -> None:
    bad = list(corpus)[7]
    simulator.fail(Fault.poison(bad))
    assert ask().status_code == 500
    pages = [ask(start=str(start), max_results="1") for start in range(len(corpus))]
    assert [page.status_code for page in pages].count(500) == 1
    found = {entries(page)[0] for page in pages if page.status_code == 200}
    assert found == set(corpus) - {bad}
    assert ask(search_query="", id_list=bad).status_code == 500


def test_a_poison_can_wear_off(corpus: Corpus, simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.poison(list(corpus)[7], times=2))
    assert [ask().status_code for _ in range(3)] == [500, 500, 200]


def test_truncated_xml(corpus: Corpus, simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.truncated())
    answer = ask()
    assert answer.status_code == 200
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(answer.content)
    assert is_honest(ask(), corpus)


def test_an_entry_without_a_date(corpus: Corpus, simulator: Simulator, ask: Ask) -> None:
    name = list(corpus)[4]
    simulator.fail(Fault.undated(name))
    feed = etree.fromstring(ask().content)
    undated = [entry for entry in feed.findall(ENTRY) if entry.find(PUBLISHED) is None]
    assert [str(entry.findtext(NAME)) for entry in undated] == [f"http://arxiv.org/abs/{name}v1"]


def test_a_renamed_element(simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.renamed("published", "submitted"))
    text = ask().text
    assert "<published>" not in text and "</published>" not in text
    assert text.count("<submitted>") == text.count("</submitted>") > 0


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.reset(), httpx.ReadError),
        (Fault.hang(), httpx.ReadTimeout),
        (Fault.cut_off(), httpx.RemoteProtocolError),
    ],
)
def test_a_broken_connection_raises_what_httpx_raises(
    fault: Fault, error: type[httpx.TransportError], corpus: Corpus, simulator: Simulator, ask: Ask
) -> None:
    simulator.fail(fault)
    with pytest.raises(error) as caught:
        ask()
    assert caught.value.request.url.path == "/api/query"
    assert is_honest(ask(), corpus)
    assert [exchange.status for exchange in simulator.log] == [None, 200]


def test_a_stale_index_misses_the_latest_announcement_for_a_while(corpus: Corpus) -> None:
    moment = public_at(LAST) + timedelta(hours=3)
    simulator = Simulator(corpus, now=lambda: moment)
    simulator.fail(Fault.stale(until=moment + timedelta(hours=1), hours=4))
    with httpx.Client(transport=simulator.transport()) as client:
        before = client.get(URL, params=SEARCH)
        latest = corpus.papers(LAST)[0].id
        by_id = client.get(URL, params={"id_list": latest})
        moment += timedelta(hours=1)
        after = client.get(URL, params=SEARCH)
    assert set(entries(before)) == {paper.id for paper in corpus.papers(FIRST)}
    assert total(before) == len(corpus.papers(FIRST))
    assert entries(by_id) == []
    assert is_honest(after, corpus)


def test_a_stale_index_can_miss_single_papers(
    corpus: Corpus, simulator: Simulator, ask: Ask
) -> None:
    missing = list(corpus)[2:4]
    simulator.fail(Fault.stale(until=NOW + timedelta(days=1), ids=missing))
    assert set(entries(ask())) == set(corpus) - set(missing)


def test_a_fault_can_be_for_certain_requests_only(
    corpus: Corpus, simulator: Simulator, ask: Ask
) -> None:
    simulator.fail(Fault.status(500, when=lambda params: params.get("start") == "5"))
    assert is_honest(ask(), corpus)
    assert ask(start="5").status_code == 500
    assert ask(start="5").status_code == 200


def test_a_fault_that_changes_nothing_waits(corpus: Corpus, simulator: Simulator, ask: Ask) -> None:
    simulator.fail(Fault.empty_page())
    assert not entries(ask(start="25"))  # past the end: empty anyway
    answer = ask()
    assert not entries(answer) and total(answer) == len(corpus)


def test_faults_of_a_script_come_one_after_the_other_or_together(
    corpus: Corpus, simulator: Simulator, ask: Ask
) -> None:
    simulator.fail(
        Fault.status(429), Fault.status(503, times=2), Fault.short_page(), Fault.moving_total()
    )
    assert [ask().status_code for _ in range(3)] == [429, 503, 503]
    answer = ask()
    assert (len(entries(answer)), total(answer)) == (len(corpus) - 1, len(corpus) + 1)
    assert is_honest(ask(), corpus)
