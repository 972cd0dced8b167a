"""The simulated arXiv's OAI-PMH: what is public when, lists and their tokens, refusals, faults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

import httpx
import pytest
from asking import invented

from digest.fetcher.calendar import public_at
from digest.simulator import Corpus, Fault, Limits, Simulator, serve

URL = "https://oaipmh.arxiv.org/oai"
MONDAY, TUESDAY, THURSDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 12)
#: Announced on Tuesday, the 10th.
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 13, 12, tzinfo=UTC)


class Repository:
    """A simulated arXiv at a moment that can be moved."""

    def __init__(
        self,
        corpus: Corpus,
        now: datetime = LATER,
        limits: Limits = Limits(),  # noqa: B008
    ) -> None:
        self.now = now
        self.arxiv = Simulator(corpus, now=lambda: self.now, limits=limits)
        self._client = httpx.Client(transport=self.arxiv.transport())

    def ask(self, params: Mapping[str, str]) -> str:
        answer = self._client.get(URL, params=dict(params))
        assert answer.status_code == 200
        return answer.text

    def list(self, verb: str = "ListIdentifiers", **params: str) -> str:
        asked = {name.removesuffix("_"): value for name, value in params.items()}
        return self.ask({"verb": verb, "metadataPrefix": "arXivRaw", **asked})

    def go_on(self, answer: str, verb: str = "ListIdentifiers") -> str:
        return self.ask({"verb": verb, "resumptionToken": token_of(answer)})


def ids(answer: str) -> list[str]:
    return re.findall("<identifier>oai:arXiv.org:(.*?)</identifier>", answer)


def stamps(answer: str) -> list[str]:
    return re.findall("<datestamp>(.*?)</datestamp>", answer)


def code(answer: str) -> str:
    return "".join(re.findall("<error code='(.*?)'", answer))


def token_of(answer: str) -> str:
    return str(re.findall("<resumptionToken [^>]*>(.*?)<", answer)[0])


def corpus_of(number: int, *, revised: datetime | None = None) -> Corpus:
    """Papers of one noon; the first one has a second version."""
    papers = [invented(f"2603.{1000 + n:05d}", NOON) for n in range(number)]
    if revised:
        papers.append(invented("2603.01000", NOON, version=2, updated=revised))
    return Corpus.of(papers)


# What is public when.


def test_a_new_paper_carries_its_announcement_day_and_shows_two_and_a_half_hours_later() -> None:
    arxiv = Repository(corpus_of(1))
    arxiv.now = public_at(TUESDAY) + timedelta(hours=2, minutes=29)
    assert code(arxiv.list()) == "noRecordsMatch"
    arxiv.now += timedelta(minutes=1)
    assert ids(arxiv.list()) == ["2603.01000"]
    assert stamps(arxiv.list()) == ["2026-03-10"]


def test_a_new_version_moves_the_record_to_its_own_day() -> None:
    arxiv = Repository(corpus_of(2, revised=NOON + timedelta(days=2)))
    arxiv.now = public_at(TUESDAY) + timedelta(hours=6)
    assert stamps(arxiv.list()) == ["2026-03-10", "2026-03-10"]
    arxiv.now = LATER
    assert ids(arxiv.list(until="2026-03-10")) == ["2603.01001"]
    assert ids(arxiv.list(from_="2026-03-11")) == ["2603.01000"]
    answer = arxiv.list("ListRecords", from_="2026-03-12", until="2026-03-12")
    assert re.findall("<date>(.*)</date>", answer) == [
        "Mon, 09 Mar 2026 12:00:00 GMT",
        "Wed, 11 Mar 2026 12:00:00 GMT",
    ]


def test_a_held_paper_carries_the_day_on_which_it_was_made_public() -> None:
    corpus = Corpus.of([invented("2603.01000", NOON)], {"2603.01000": THURSDAY})
    assert stamps(Repository(corpus).list()) == ["2026-03-12"]


def test_raw_texts_are_in_tex_and_the_others_in_characters() -> None:
    corpus = Corpus.of([invented("2603.01000", NOON, title="Straße nach Łódź für $π$")])
    arxiv = Repository(corpus)
    assert (
        "<title>Stra{\\ss}e nach {\\L}\\&#39;od\\&#39;z f\\&#34;ur ${\\pi}$</title>"
        in arxiv.list("ListRecords")
    )
    answer = arxiv.ask({"verb": "ListRecords", "metadataPrefix": "arXiv"})
    assert "<title>Straße nach Łódź für $π$</title>" in answer


# Sets.


@pytest.mark.parametrize(
    ("set_", "found"),
    [
        ("cs", True),
        ("cs:cs", True),
        ("cs:cs:NA", True),
        ("math:math:NA", True),
        ("physics:hep-th", True),
        ("physics", True),
        ("cs:cs:CL", False),
        ("stat", False),
    ],
)
def test_a_set_holds_the_records_of_its_categories_and_of_their_other_names(
    set_: str, found: bool
) -> None:
    corpus = Corpus.of([invented("2603.01000", NOON, categories=("math.NA", "hep-th"))])
    answer = Repository(corpus).list(set=set_)
    assert code(answer) == ("" if found else "noRecordsMatch")


def test_only_records_tell_the_other_names_of_their_sets() -> None:
    arxiv = Repository(Corpus.of([invented("2603.01000", NOON, categories=("math.NA",))]))
    assert "cs:cs:NA" in arxiv.list("ListRecords")
    assert "cs:cs:NA" not in arxiv.list("ListIdentifiers")


# Lists in pages.


def test_a_list_comes_in_pages_in_the_order_of_day_and_id() -> None:
    arxiv = Repository(corpus_of(5, revised=NOON + timedelta(days=2)), limits=Limits(identifiers=2))
    first = arxiv.list()
    second = arxiv.go_on(first)
    third = arxiv.go_on(second)
    assert [*map(ids, (first, second, third))] == [
        ["2603.01001", "2603.01002"],
        ["2603.01003", "2603.01004"],
        ["2603.01000"],
    ]
    assert unquote(token_of(first)).endswith("from=2026-03-10&skip=2")
    assert unquote(token_of(second)).endswith("from=2026-03-12&skip=0")
    assert "expirationDate='2026-03-14T00:00:00Z'" in first
    assert third.count("<resumptionToken/>") == 1
    assert "resumptionToken" not in arxiv.list(from_="2026-03-12")


def test_a_page_with_a_token_repeats_the_question_of_the_next_one() -> None:
    arxiv = Repository(corpus_of(3), limits=Limits(identifiers=2))
    assert 'from="2026-03-10"' in arxiv.list(from_="2026-01-01")


def test_a_token_works_quoted_once_or_twice() -> None:
    arxiv = Repository(corpus_of(3), limits=Limits(identifiers=2))
    token = token_of(arxiv.list())
    for sent in (token, unquote(token)):
        answer = arxiv.ask({"verb": "ListIdentifiers", "resumptionToken": sent})
        assert ids(answer) == ["2603.01002"]


def test_a_token_expires_at_midnight() -> None:
    arxiv = Repository(corpus_of(3), limits=Limits(identifiers=2))
    first = arxiv.list()
    arxiv.now = datetime(2026, 3, 13, 23, 59, 59, tzinfo=UTC)
    assert ids(arxiv.go_on(first)) == ["2603.01002"]
    arxiv.now += timedelta(seconds=1)
    assert code(arxiv.go_on(first)) == "badResumptionToken"
    assert ids(arxiv.go_on(arxiv.list())) == ["2603.01002"]


def test_a_record_that_moves_while_a_list_is_read_pushes_another_one_over_the_border() -> None:
    corpus = corpus_of(4, revised=NOON + timedelta(days=2))
    arxiv = Repository(corpus, public_at(TUESDAY) + timedelta(hours=20), Limits(identifiers=2))
    first = arxiv.list()
    assert ids(first) == ["2603.01000", "2603.01001"]
    # The same token on Thursday, from a server that does not look at its expiry.
    other = Repository(corpus, LATER, Limits(identifiers=2))
    assert ids(other.go_on(first)) == ["2603.01003", "2603.01000"]


def test_a_token_past_the_end_finds_nothing() -> None:
    arxiv = Repository(corpus_of(3), limits=Limits(identifiers=2))
    first = arxiv.list()
    assert code(arxiv.go_on(first.replace("skip%3D2", "skip%3D3"))) == "noRecordsMatch"


def test_a_token_belongs_to_its_verb() -> None:
    arxiv = Repository(corpus_of(3), limits=Limits(identifiers=2))
    assert code(arxiv.go_on(arxiv.list(), "ListRecords")) == "badResumptionToken"


# Refusals.


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"until": "2026-03-13"}, ""),
        ({"until": "2026-03-14"}, "badArgument"),
        ({"from": "2005-09-16"}, ""),
        ({"from": "2005-09-15"}, "badArgument"),
        ({"from": "2026-03-13"}, "noRecordsMatch"),
        ({"from": "2026-03-11", "until": "2026-03-10"}, "badArgument"),
        ({"from": "2026-03-10T00:00:00Z"}, "badArgument"),
        ({"until": "2026-02-30"}, "badArgument"),
        ({"set": "cs.CL"}, "badArgument"),
        ({"metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"resumptionToken": "x"}, "badArgument"),
        ({"title": "x"}, "badArgument"),
        ({"verb": "ListSets"}, "badArgument"),
        ({"verb": "listrecords"}, "badVerb"),
        ({"verb": "GetRecord"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "oai:arXiv.org:2603.01000"}, ""),
        ({"verb": "GetRecord", "identifier": "oai:arXiv.org:2603.01000v7"}, ""),
        ({"verb": "GetRecord", "identifier": "oai:arXiv.org:2603.09999"}, "idDoesNotExist"),
        ({"verb": "GetRecord", "identifier": "2603.01000"}, "idDoesNotExist"),
    ],
)
def test_what_is_refused_and_what_is_not(params: Mapping[str, str], expected: str) -> None:
    question = {"verb": "ListRecords", "metadataPrefix": "arXivRaw", **params}
    assert code(Repository(corpus_of(1)).ask(question)) == expected


def test_an_argument_may_stand_once() -> None:
    client = httpx.Client(transport=Repository(corpus_of(1)).arxiv.transport())
    once = "verb=ListRecords&metadataPrefix=arXiv"
    assert code(client.get(f"{URL}?{once}").text) == ""
    assert code(client.get(f"{URL}?{once}&metadataPrefix=arXiv").text) == "badArgument"
    assert code(client.get(f"{URL}?{once}&verb=ListRecords").text) == "badVerb"


# Faults, forms, sockets.


def test_faults_strike_here_too() -> None:
    arxiv = Repository(corpus_of(2))
    arxiv.arxiv.fail(Fault.status(503, retry_after=7), Fault.truncated())
    client = httpx.Client(transport=arxiv.arxiv.transport())
    params = {"verb": "ListIdentifiers", "metadataPrefix": "arXivRaw"}
    answer = client.get(URL, params=params)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert not arxiv.list().endswith("</OAI-PMH>")
    arxiv.arxiv.fail(Fault.stale(LATER + timedelta(hours=1), ids=["2603.01000"]))
    assert ids(arxiv.list()) == ["2603.01001"]
    assert [entry.entries for entry in arxiv.arxiv.log] == [0, 2, 1]


def test_a_form_and_a_socket_work_as_well() -> None:
    with serve(Repository(corpus_of(2)).arxiv) as server, httpx.Client(trust_env=False) as client:
        form = {"verb": "ListIdentifiers", "metadataPrefix": "arXivRaw"}
        assert ids(client.post(server.oai_url, data=form).text) == ["2603.01000", "2603.01001"]
