"""A corpus made of digests shows, day and order and text, what the digests showed."""

import os
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.fetcher.calendar import Calendar, public_at
from digest.model import CLEAN, Badge, Digest, Entry, Paper, PaperId
from digest.simulator import Corpus, Simulator

CALENDAR = Calendar()
DAY = date(2026, 3, 12)
SOURCE_FILES = os.environ.get("DIGEST_SOURCE_FILES")


def an_entry(name: str, published: date) -> Entry:
    return Entry(
        title=f"Title of {name}",
        authors=("A. Nobody", "B. Nobody"),
        published=published,
        url=f"http://arxiv.org/abs/{name}",
        abstract=("We use a v", Badge("LLM", "FF8C00"), " well."),
    )


def shown_by(corpus: Corpus, digest: Digest) -> list[Paper]:
    """The digest's papers as they are found on its day, in the order of the format."""
    bases = {PaperId.parse(entry.url).base for entry in digest.entries}
    days = [day for day in corpus.days if day <= digest.day]
    announced = {paper.id for day in days for paper in corpus.papers(day)} & bases
    simulator = Simulator(corpus, now=lambda: public_at(digest.day))
    with httpx.Client(transport=simulator.transport()) as client:
        answer = client.get(
            "https://export.arxiv.org/api/query",
            params={"id_list": ",".join(sorted(announced) or ["2603.99999"]), "max_results": 1000},
        )
    urls = re.findall(r"<id>(http://arxiv\.org/abs/[^<]*)</id>", answer.text)
    papers = [paper for base in bases for paper in corpus.versions(base) if paper.url in set(urls)]
    return sorted(papers, key=lambda paper: (paper.published, paper.id), reverse=True)


def as_entries(papers: Iterable[Paper]) -> list[tuple[str, str, tuple[str, ...], date]]:
    return [(p.url, p.title, p.authors, p.published.date()) for p in papers]


def check(digests: list[Digest]) -> Corpus:
    corpus = Corpus.from_digests(digests)
    for digest in digests:
        expected = [(e.url, e.title, e.authors, e.published) for e in digest.entries]
        assert as_entries(shown_by(corpus, digest)) == expected
    for base in corpus:
        versions = corpus.versions(base)
        assert [paper.version for paper in versions] == list(range(1, len(versions) + 1))
        assert versions[0].updated == versions[0].published
        moments = [paper.updated for paper in versions]
        assert moments == sorted(set(moments))
    return corpus


@st.composite
def some_names(draw: st.DrawFn) -> list[str]:
    numbers = draw(st.lists(st.integers(1, 9999), unique=True, max_size=12))
    return [f"2603.{number:05d}v{draw(st.integers(1, 3))}" for number in numbers]


ages = st.integers(1, 100)


@settings(deadline=None)  # a shared machine is slow now and then
@given(some_names(), st.data())
def test_order_dates_and_versions_come_back(found: list[str], data: st.DataObject) -> None:
    published = sorted((DAY - timedelta(days=data.draw(ages)) for _ in found), reverse=True)
    entries = [an_entry(name, day) for name, day in zip(found, published, strict=True)]
    check([Digest(DAY, tuple(entries))])


@settings(deadline=None)
@given(some_names(), st.data())
def test_two_digests_keep_their_orders(found: list[str], data: st.DataObject) -> None:
    published = sorted((DAY - timedelta(days=data.draw(ages)) for _ in found), reverse=True)
    entries = [an_entry(name, day) for name, day in zip(found, published, strict=True)]
    later = Digest(DAY + timedelta(days=1), tuple(entries[::2]))
    check([Digest(DAY, tuple(entries[1::2])), later])


def test_texts_lose_their_badges_and_nothing_else() -> None:
    corpus = Corpus.from_digests([Digest(DAY, (an_entry("2603.00010v2", date(2026, 3, 10)),))])
    first, second = corpus.versions("2603.00010")
    assert first.abstract == second.abstract == "We use a vLLM well."
    assert first.url == "http://arxiv.org/abs/2603.00010v1"
    assert first.categories == ("cs.LG",)


def test_where_order_allows_it_ids_ascend_with_time_within_one_announcement() -> None:
    tuesday = date(2026, 3, 10)
    entries = [an_entry(f"2603.{number:05d}v1", tuesday) for number in (40, 30, 20, 10)]
    corpus = Corpus.from_digests([Digest(DAY, tuple(entries))])
    window = CALENDAR.window(date(2026, 3, 11))
    assert window is not None
    moments = [corpus.versions(base)[0].published for base in corpus]
    assert moments == sorted(moments)
    assert all(moment in window for moment in moments)
    assert set(corpus.days) == {date(2026, 3, 11)}


def test_a_held_paper_is_announced_with_its_neighbours_of_the_same_ids() -> None:
    entries = [
        an_entry("2603.00900v1", date(2026, 3, 11)),
        an_entry("2603.00100v1", date(2026, 3, 9)),
        an_entry("2603.00901v1", date(2026, 2, 11)),
    ]
    corpus = Corpus.from_digests([Digest(DAY, tuple(entries))])
    assert corpus.announced("2603.00100") == date(2026, 3, 10)
    assert corpus.announced("2603.00901") == corpus.announced("2603.00900") == date(2026, 3, 12)


def test_no_paper_is_announced_before_it_was_submitted() -> None:
    monday = date(2026, 3, 9)
    corpus = Corpus.from_digests([Digest(DAY, (an_entry("2603.00001v1", monday),))])
    (paper,) = corpus.versions("2603.00001")
    assert datetime.combine(monday, time(), UTC) <= paper.published
    assert paper.published < public_at(corpus.announced(paper.id))


def test_a_link_without_a_version_is_to_the_first_one() -> None:
    clean = replace(an_entry("2603.00010v1", DAY), url="https://arxiv.org/abs/2603.00010")
    corpus = Corpus.from_digests([Digest(DAY, (clean,), CLEAN)])
    assert [paper.url for paper in corpus.versions("2603.00010")] == [
        "http://arxiv.org/abs/2603.00010v1"
    ]


def test_a_link_without_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Corpus.from_digests([Digest(DAY, (an_entry("nonsense", DAY),))])


def outline(path: Path) -> Digest:
    """Just titles, authors, dates and links of a digest in the source format."""
    text = path.read_text(encoding="utf-8")
    found = re.findall(
        r"^## (.*)\n\n>Authors: (.*)\n\n>(\d{4}-\d\d-\d\d)\n\n> \[(.*?)\]", text, re.MULTILINE
    )
    entries = [
        Entry(title, tuple(authors.split(", ")), date.fromisoformat(day), url, ("text",))
        for title, authors, day, url in found
    ]
    return Digest(date.fromisoformat(path.stem), tuple(entries))


@pytest.mark.skipif(not SOURCE_FILES, reason="DIGEST_SOURCE_FILES does not name the source files")
def test_the_source_files_come_back_in_their_order() -> None:
    digests = [outline(path) for path in sorted(Path(SOURCE_FILES or "").glob("*.md"))]
    assert [len(digest.entries) for digest in digests] == [42, 61]
    corpus = check(digests)
    assert len(corpus) == 103
    assert {paper.version for digest in digests for paper in shown_by(corpus, digest)} == {1, 2}
