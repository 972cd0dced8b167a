"""The simulated arXiv's answers: what is public when, pages, limits and refusals."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
from lxml import etree

from digest.fetcher.calendar import Calendar, public_at
from digest.model import Paper
from digest.simulator import Corpus, Simulator

URL = "https://export.arxiv.org/api/query"
ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
EVERYTHING = "submittedDate:[2025 TO 2027]"


class Clock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class Answer:
    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.kind = response.headers["Content-Type"]
        self.text = response.text
        feed = etree.fromstring(response.content) if "xml" in self.kind else etree.Element("none")
        self.entries = feed.findall(f"{ATOM}entry")
        self.ids = [
            str(entry.findtext(f"{ATOM}id")).removeprefix("http://arxiv.org/abs/")
            for entry in self.entries
        ]
        self.bases = [name.rpartition("v")[0] for name in self.ids]
        self.total = int(feed.findtext(f"{OPENSEARCH}totalResults", "0"))
        self.per_page = feed.findtext(f"{OPENSEARCH}itemsPerPage")
        self.title = feed.findtext(f"{ATOM}title")


def ask(simulator: Simulator, **params: str | int) -> Answer:
    with httpx.Client(transport=simulator.transport()) as client:
        return Answer(client.get(URL, params=params))


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus.generate(
        seed=5, first=date(2026, 3, 2), last=date(2026, 3, 13), per_day=40, revised=0.3
    )


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 7, 1, 6, tzinfo=UTC))


@pytest.fixture
def simulator(corpus: Corpus, clock: Clock) -> Simulator:
    return Simulator(corpus, now=clock)


def test_papers_become_public_with_their_announcement_and_not_before(
    corpus: Corpus, clock: Clock, simulator: Simulator
) -> None:
    seen: set[str] = set()
    for day in corpus.days:
        clock.moment = public_at(day) - timedelta(seconds=1)
        assert ask(simulator, search_query=EVERYTHING, max_results=1).total == len(seen)
        clock.moment = public_at(day)
        now = set(ask(simulator, search_query=EVERYTHING, max_results=1000).bases)
        assert now - seen == {paper.id for paper in corpus.papers(day)}
        seen = now
    assert len(seen) == len(corpus)


def test_the_index_can_lag_behind_the_announcement(corpus: Corpus) -> None:
    day = corpus.days[0]
    clock = Clock(public_at(day) + timedelta(minutes=59))
    simulator = Simulator(corpus, now=clock, lag=timedelta(hours=1))
    assert ask(simulator, search_query=EVERYTHING).total == 0
    clock.moment += timedelta(minutes=1)
    assert ask(simulator, search_query=EVERYTHING).total == len(corpus.papers(day))


def test_a_search_shows_the_newest_public_version_and_ids_any(
    corpus: Corpus, clock: Clock, simulator: Simulator
) -> None:
    versions = next(
        versions
        for base in corpus
        if len(versions := corpus.versions(base)) == 2
        and Calendar().day_of(versions[1].updated) > corpus.announced(base)
    )
    first, second = versions
    names = f"{first.id}v0,{first.id}v1,{first.id}v2,{first.id}v3,{first.id}v"
    public = public_at(Calendar().day_of(second.updated))
    clock.moment = public - timedelta(seconds=1)
    assert ask(simulator, id_list=names).ids == [f"{first.id}v1"]
    assert ask(simulator, id_list=first.id).ids == [f"{first.id}v1"]
    clock.moment = public
    assert ask(simulator, id_list=names).ids == [f"{first.id}v1", f"{first.id}v2"]
    assert ask(simulator, id_list=first.id).ids == [f"{first.id}v2"]
    assert f"{first.id}v2" in ask(simulator, search_query=EVERYTHING, max_results=1000).ids
    assert ask(simulator, id_list=f"{first.id}v1", search_query=EVERYTHING).total == 0
    assert ask(simulator, id_list=f"{first.id}v2", search_query=EVERYTHING).total == 1


def test_ids_come_in_the_order_of_the_index_without_the_unknown_ones(
    corpus: Corpus, simulator: Simulator
) -> None:
    low, high = list(corpus)[3], list(corpus)[5]
    answer = ask(simulator, id_list=f"{high},2603.99999,{low},{high}, {low},arXiv:{low}")
    assert answer.bases == [low, high]
    assert answer.total == 2


def test_ten_results_is_the_default_for_ids_too(corpus: Corpus, simulator: Simulator) -> None:
    answer = ask(simulator, id_list=",".join(list(corpus)[:30]))
    assert (len(answer.ids), answer.total, answer.per_page) == (10, 30, "10")


def test_ids_and_a_search_together_narrow_each_other_down(
    corpus: Corpus, simulator: Simulator
) -> None:
    names = list(corpus)[:30]
    answer = ask(simulator, id_list=",".join(names), search_query="cat:math.*", max_results=100)
    expected = {
        name
        for name in names
        if any(category.startswith("math.") for category in corpus.versions(name)[0].categories)
    }
    assert set(answer.bases) == expected
    assert 0 < len(expected) < 30


def sorted_moments(simulator: Simulator, element: str, sort_by: str, order: str) -> list[str]:
    answer = ask(
        simulator, search_query=EVERYTHING, sortBy=sort_by, sortOrder=order, max_results=1000
    )
    return [str(entry.findtext(f"{ATOM}{element}")) for entry in answer.entries]


@pytest.mark.parametrize(
    ("sort_by", "element"), [("submittedDate", "published"), ("lastUpdatedDate", "updated")]
)
def test_sorting_is_by_first_or_by_current_version(
    simulator: Simulator, sort_by: str, element: str
) -> None:
    up = sorted_moments(simulator, element, sort_by, "ascending")
    down = sorted_moments(simulator, element, sort_by, "descending")
    assert up == sorted(up) and down == sorted(down, reverse=True)
    assert up[0] < up[-1]


def test_relevance_puts_the_papers_with_more_of_the_words_first(simulator: Simulator) -> None:
    words = ("model", "benchmarks", "simulations")
    answer = ask(simulator, search_query=" OR ".join(f"abs:{w}" for w in words), max_results=900)
    corpus_scores = [
        sum(simulator.matches(f"abs:{word}", current(entry)) for word in words)
        for entry in answer.entries
    ]
    assert corpus_scores == sorted(corpus_scores, reverse=True)
    assert len(set(corpus_scores)) > 1


def current(entry: etree._Element) -> Paper:
    moment = datetime.fromisoformat(str(entry.findtext(f"{ATOM}published")))
    summary = str(entry.findtext(f"{ATOM}summary"))
    return Paper("2603.00001", 1, "", "", summary, (), (), moment, moment)


def twins() -> Iterator[Paper]:
    moment = datetime(2026, 3, 4, 12, tzinfo=UTC)
    for number in range(1, 21):
        name = f"2603.{number:05d}"
        yield Paper(
            name, 1, f"http://arxiv.org/abs/{name}v1", "T", "A", (), ("cs.LG",), moment, moment
        )


def test_equal_times_come_in_another_order_each_time_but_the_same_with_a_seed(
    clock: Clock,
) -> None:
    def orders(seed: int) -> list[list[str]]:
        simulator = Simulator(Corpus.of(twins()), now=clock, seed=seed)
        params: dict[str, str | int] = {"sortBy": "submittedDate", "max_results": 20}
        return [ask(simulator, search_query=EVERYTHING, **params).bases for _ in range(3)]

    first = orders(1)
    assert all(one != other for one, other in pairwise(first))
    assert orders(1) == first != orders(2)


def test_pages_of_distinct_times_join_to_the_whole(simulator: Simulator) -> None:
    pages = [
        ask(
            simulator,
            search_query="submittedDate:[20260302 TO 20260305]",
            sortBy="submittedDate",
            sortOrder="ascending",
            start=start,
            max_results=25,
        )
        for start in range(0, 251, 25)
    ]
    ids = [name for page in pages for name in page.ids]
    assert len(ids) == len(set(ids)) == pages[0].total > 75
    assert not pages[-1].ids and pages[-1].total == pages[0].total
    assert pages[-1].per_page == "25"


def test_the_title_tells_the_query_as_it_was_understood(simulator: Simulator) -> None:
    answer = ask(simulator, search_query="a and ti:(b c)", start=3, sortBy="submittedDate")
    assert answer.title == (
        "arXiv Query: search_query=all:a OR all:and OR (ti:b OR ti:c)"
        "&id_list=&start=3&max_results=10"
    )


@pytest.mark.parametrize(
    ("start", "max_results", "status"),
    [
        (0, 0, 500),
        (0, 10_000, 200),
        (0, 10_001, 500),
        (9990, 10, 200),
        (9991, 10, 500),
        (8000, 2000, 200),
        (8001, 2000, 500),
    ],
)
def test_pages_end_at_the_ten_thousandth_paper(
    simulator: Simulator, start: int, max_results: int, status: int
) -> None:
    answer = ask(simulator, search_query="cat:x", start=start, max_results=max_results)
    assert answer.status == status
    assert ("internal error" in answer.text) == (status == 500)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "Either a search_query or id_list must be specified for the classic API."),
        ({"id_list": "abc"}, "incorrect id format for abc"),
        ({"id_list": "2603.00001,"}, "incorrect id format for "),
        ({"search_query": "a", "start": "x"}, "start must be an integer"),
        ({"search_query": "a", "start": "-1"}, "start must be non-negative"),
        ({"search_query": "a", "max_results": "1.5"}, "max_results must be an integer"),
        ({"search_query": "a", "max_results": "-1"}, "max_results must be non-negative"),
        (
            {"search_query": "a", "sortBy": "submitteddate"},
            "sortBy must be in: relevance, lastUpdatedDate, submittedDate",
        ),
        (
            {"search_query": "a", "sortOrder": "up"},
            "sortOrder must be in: ascending, descending",
        ),
        ({"search_query": "( ( )"}, "Invalid query string: '( ( )'"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(
    simulator: Simulator, params: dict[str, str], message: str
) -> None:
    answer = ask(simulator, **params)
    assert answer.status == 400
    assert answer.kind == "application/atom+xml; charset=utf-8"
    (entry,) = answer.entries
    assert entry.findtext(f"{ATOM}summary") == message
    assert entry.find(f"{ATOM}published") is None
    assert entry.find(f"{ATOM}title") is not None and answer.total == 1


def test_a_date_that_is_no_date_is_an_internal_error(simulator: Simulator) -> None:
    assert ask(simulator, search_query="submittedDate:[20260101 TO *]").status == 500


def test_a_control_character_breaks_every_page_it_is_on(clock: Clock) -> None:
    papers = list(twins())
    moment = papers[0].published
    bad = Paper("2603.00099", 1, "u", "T", "A \x02 B", (), ("cs.LG",), moment, moment)
    simulator = Simulator(Corpus.of([*papers, bad]), now=clock)
    assert ask(simulator, search_query=EVERYTHING, max_results=50).status == 500
    assert ask(simulator, id_list=bad.id).status == 500
    assert ask(simulator, id_list=papers[0].id).status == 200


def test_a_long_line_is_refused_and_a_form_is_not(corpus: Corpus, simulator: Simulator) -> None:
    names = ",".join(list(corpus)[:390])
    with httpx.Client(transport=simulator.transport()) as client:
        long = client.get(URL, params={"id_list": names, "max_results": 400})
        short = client.get(URL, params={"id_list": names[: 300 * 11 - 1], "max_results": 400})
        form = client.post(URL, data={"id_list": names, "max_results": "400"})
    assert (long.status_code, long.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert (Answer(short).total, Answer(form).total) == (300, 390)


@pytest.mark.parametrize(("length", "status"), [(4094, 200), (4095, 400)])
def test_a_request_line_has_at_most_4094_bytes(
    simulator: Simulator, length: int, status: int
) -> None:
    start, end = "GET /api/query?search_query=", " HTTP/1.1"
    word = "a" * (length - len(start + end))
    with httpx.Client(transport=simulator.transport()) as client:
        assert client.get(f"{URL}?search_query={word}").status_code == status


def test_other_paths_and_methods_are_not_served(simulator: Simulator) -> None:
    with httpx.Client(transport=simulator.transport()) as client:
        missing = client.get("https://export.arxiv.org/list/cs.LG")
        put = client.put(URL)
    assert (missing.status_code, put.status_code) == (404, 405)
    assert "was not found on the server" in missing.text


def test_every_exchange_is_in_the_log(simulator: Simulator, clock: Clock) -> None:
    ask(simulator, search_query=EVERYTHING, max_results=7)
    ask(simulator, id_list="abc")
    found, refused = simulator.log
    assert (found.method, found.status, found.entries) == ("GET", 200, 7)
    assert found.params == {"search_query": EVERYTHING, "max_results": "7"}
    assert found.total > 300 and found.moment == clock.moment
    assert (refused.status, refused.entries, refused.total) == (400, 0, 0)


def test_a_search_repeated_over_time_looks_at_what_is_current_then(
    corpus: Corpus, clock: Clock, simulator: Simulator
) -> None:
    words = "abs:experiments OR abs:version"  # later versions say that they are versions
    totals = []
    for day in (corpus.days[0], corpus.days[-1], date(2026, 3, 20), date(2026, 6, 30)):
        clock.moment = public_at(day)
        answer = ask(simulator, search_query=f"({words}) AND {EVERYTHING}", max_results=1000)
        shown = [version for base in corpus if (version := newest(corpus, base, day))]
        expected = {paper.url for paper in shown if simulator.matches(words, paper)}
        assert {f"http://arxiv.org/abs/{name}" for name in answer.ids} == expected
        totals.append(answer.total)
    assert totals == sorted(set(totals))


def newest(corpus: Corpus, base: str, day: date) -> Paper | None:
    if corpus.announced(base) > day:
        return None
    first, *later = corpus.versions(base)
    return max(
        (first, *(paper for paper in later if Calendar().day_of(paper.updated) <= day)),
        key=lambda paper: paper.version,
    )
