"""The index of words, and the packed texts that it is made from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from asking import invented
from hypothesis import given
from hypothesis import strategies as st

from digest.archive import Archive
from digest.archive.content import Content, dictionary_of, learn
from digest.archive.housekeeping import MANY, index_more
from digest.archive.schema import APPLICATION_ID, MIGRATIONS
from digest.archive.transactions import Database
from digest.matcher import Matcher, word_parts
from digest.model import CLEAN, SOURCE, Group, Keyword, Paper, Span, Style, Topic, base_of

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = date(2026, 3, 11)
EVERYTHING = Span(0, 9_999_99999)


def texts(number: int, title: str, abstract: str) -> Paper:
    return replace(invented(f"2603.{number:05d}", NOON, title=title), abstract=abstract)


@contextmanager
def behind(path: Path) -> Iterator[Database]:
    """A transaction on an archive's file, beside the program."""
    with closing(sqlite3.connect(path)) as db, db:
        yield db


def index(path: Path) -> None:
    """Index whatever is not indexed yet."""
    with behind(path) as db:
        index_more(db, Content(lambda: dictionary_of(db)))


def found(archive: Archive, keyword: Keyword, style: Style = SOURCE) -> set[str] | None:
    return archive.words.works([word_parts(keyword, style)], EVERYTHING)


WORDS = st.sampled_from(
    [
        *("LLM", "vLLM", "LLMs", "kv", "KV cache", "KV-cache", "KV‑cache", "Cache", "caches"),
        *("decode", "decoder", "é", "Élan", "\u212a", "ſ", "a_b", "2.5", "$x$", "x", "\n", "e"),
    ]
)
TEXTS = st.lists(WORDS | st.sampled_from([" ", "", "-"]), max_size=8).map("".join)
SAYS = st.sampled_from([None, True, False])
KEYWORDS = st.builds(Keyword, WORDS.filter(str.strip), SAYS, SAYS)


@given(
    before=st.lists(st.tuples(TEXTS, TEXTS), max_size=5),
    after=st.lists(st.tuples(TEXTS, TEXTS), max_size=3),
    keyword=KEYWORDS,
    style=st.sampled_from([SOURCE, CLEAN]),
)
def test_no_paper_with_a_keyword_is_left_out_indexed_or_not(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[str, str]],
    after: list[tuple[str, str]],
    keyword: Keyword,
    style: Style,
) -> None:
    path = tmp_path_factory.mktemp("words") / "archive"
    papers = [texts(number, *both) for number, both in enumerate(before + after, start=1)]
    matcher = Matcher([Topic("t", (Group("g", "F08080", (keyword,)),))], style)
    with Archive(path) as archive:
        archive.papers.store(papers[: len(before)], TODAY)
        index(path)
        archive.papers.store(papers[len(before) :], TODAY)
        works = found(archive, keyword, style)
    having = {paper.id for paper in papers if matcher.has_keywords(paper.abstract)}
    assert works is None or having <= works


@pytest.mark.parametrize(
    ("keyword", "numbers"),
    [
        ("serving", {1}),
        ("erv", {1, 3}),
        ("KV cache", {2}),
        ("cache", {2, 3}),
        ("tidal", {3}),
        ("nothing", set()),
    ],
)
def test_the_index_leaves_only_texts_with_the_words(
    tmp_path: Path, keyword: str, numbers: set[int]
) -> None:
    with Archive(tmp_path / "archive") as archive:
        papers = [
            texts(1, "A title", "We think of preserving tides."),
            texts(2, "A title", "A KV cache, and more."),
            texts(3, "Tidal nerves", "Of caches."),
        ]
        archive.papers.store(papers, TODAY)
        index(tmp_path / "archive")
        assert found(archive, Keyword(keyword)) == {f"2603.{number:05d}" for number in numbers}


def test_a_stretch_of_the_sequence_and_works_without_a_place_in_it(tmp_path: Path) -> None:
    old = replace(invented("hep-th/9901001", NOON), abstract="tides")
    with Archive(tmp_path / "archive") as archive:
        archive.papers.store([texts(n, "A title", "tides") for n in range(1, 5)] + [old], TODAY)
        index(tmp_path / "archive")
        span = Span(2603_00001, 2603_00003)
        works = archive.words.works([word_parts(Keyword("tides"), SOURCE)], span)
    assert works == {base_of(2603_00002), base_of(2603_00003), "hep-th/9901001"}


def test_what_is_told_anew_is_found_by_its_new_words(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        archive.papers.store([texts(1, "A title", "tides"), texts(2, "A title", "ebb")], TODAY)
        index(tmp_path / "archive")
        archive.papers.store([texts(1, "A title", "moons")], TODAY)
        assert found(archive, Keyword("moons")) == {"2603.00001"}


def test_a_keyword_of_signs_alone_cannot_be_told(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        assert found(archive, Keyword("++")) is None
        assert found(archive, Keyword("é")) is None


def test_many_papers_are_packed_and_indexed_and_come_out_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    papers = [
        replace(
            texts(number, f"On tide {number}", f"We count tide {number} of the sea.\n  Twice."),
            url=f"http://arxiv.org/abs/2603.{number:05d}v1",
            comment=None if number % 2 else "",
            doi="10.1/x" if number % 3 else None,
            authors=("Mara Quill", "Ødegård, O.") if number % 5 else (),
        )
        for number in range(1, MANY + 1)
    ]
    with Archive(path) as archive, Archive(path) as reader:
        archive.papers.store(papers[:-1], TODAY)
        assert [*reader.papers.versions([papers[0].id])] == [[papers[0]]]
        archive.papers.store(papers[-1:], TODAY)
        with behind(path) as db:
            assert dictionary_of(db)
            assert db.execute("SELECT number FROM indexed").fetchone() == (MANY,)
        # The reader looked before there was a dictionary.
        for each in (archive, reader):
            stored = list(each.papers.versions([paper.id for paper in papers]))
            assert stored == [[paper] for paper in papers]
        assert archive.papers.store(papers[:3], TODAY) == 0
        assert found(archive, Keyword("4711")) == {"2603.04711"}
        archive.papers.store([texts(MANY + 1, "On more", "We count tides of the sea.")], TODAY)
        with behind(path) as db:
            (last,) = db.execute("SELECT content FROM version ORDER BY number DESC").fetchone()
        assert not Content(lambda: None).is_whole(last), "packed without the dictionary"
    assert path.stat().st_size / MANY < 400


def test_texts_with_nothing_in_common_need_no_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    paper = texts(1, "A title", "tides")
    with Archive(path) as archive:
        archive.papers.store([paper], TODAY)
        with behind(path) as db:
            learn(db)
            assert dictionary_of(db) is None
        assert [*archive.papers.versions([paper.id])] == [[paper]]


def test_an_archive_of_the_version_before_keeps_its_texts(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    columns = "paper, version, updated, url, title, abstract, authors, categories, comment"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 6")
        for step in MIGRATIONS[:6]:
            step(db)
        db.execute("BEGIN")
        for number in range(1, MANY + 2):
            work = f"2603.{number:05d}"
            row = (work, 1, 0, f"http://arxiv.org/abs/{work}v1", f"Tide {number}")
            db.execute(
                "INSERT INTO paper VALUES (?, ?, 0, '2026-03-11', 1)", (work, 2603_00000 + number)
            )
            db.execute(
                f"INSERT INTO version ({columns}) VALUES ({'?, ' * 8}?)",
                (*row, f"We count tide {number}.", "Mara Quill\nO. Ødegård", "cs.CL math.CO", None),
            )
        db.execute("UPDATE version SET url = 'https://arxiv.org/abs/2603.00002v1' WHERE rowid = 2")
        db.execute("COMMIT")
    with Archive(path) as archive:
        (one,), (two,) = archive.papers.versions(["2603.00001", "2603.00002"])
        assert (one.title, one.abstract, one.comment) == ("Tide 1", "We count tide 1.", None)
        assert (one.authors, one.categories) == (("Mara Quill", "O. Ødegård"), ("cs.CL", "math.CO"))
        assert one.url == "http://arxiv.org/abs/2603.00001v1"
        assert two.url == "https://arxiv.org/abs/2603.00002v1"
        assert found(archive, Keyword("4711")) == {"2603.04711"}
        assert archive.papers.count() == MANY + 1
