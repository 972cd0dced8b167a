"""`digest check --keywords`: the badges of a file, found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk import Desk, morning, shown
from keyword_days import FIVE_DAYS, papers

from digest.cli import exit_code
from digest.model import CLEAN, SOURCE, Paper
from digest.simulator import Corpus

DAY = FIVE_DAYS[1]
BOTH = "A sparse and robust text."

#: Two of them have categories, one of these follows an author.
TOPICS = """
[[topic]]
name = "a"
categories = ["math.*"]
[[topic.group]]
keywords = ["robust"]
[[topic]]
name = "b"
[[topic.group]]
keywords = ["sparse"]
[[topic]]
name = "c"
categories = ["cs.LG"]
[[topic.group]]
keywords = ["text"]
[[topic.author]]
name = "Kari Ødegård"
"""


def corpus() -> list[Paper]:
    """The same abstract and authors in four kinds of categories, on each of three days."""
    around = papers(FIVE_DAYS[:3], BOTH, BOTH, BOTH, BOTH)
    kinds = [("cs.CL",), ("math.OC", "cs.CL"), ("cs.LG",), ("cs.LG", "math.OC")]
    return [
        replace(one, categories=kind, authors=("A. Nobody", "Kari Ødegård"))
        for one, kind in zip(around, kinds * 3, strict=True)
    ]


@pytest.fixture(params=[SOURCE, CLEAN])
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    """A workspace with the digest of a day, in either style."""
    environ = {"DIGEST_DIGEST__STYLE": request.param}
    desk = Desk(tmp_path / "own", Corpus.of(corpus()), topics=TOPICS, environ=environ)
    desk.backfill(DAY, at=morning(FIVE_DAYS[2]))
    return desk


def problems(desk: Desk, *files: Path) -> list[str]:
    return [file.problem for file in desk.app.check(files).files]


def without_badge(desk: Desk, word: str) -> Path:
    """The digest with a word of its first paper, which is in every category, as mere text."""
    text = desk.path(DAY).read_text(encoding="utf-8")
    (badge,) = {part for part in text.split() if part.startswith("![") and f"/{word}-" in part}
    path = desk.folder / "edited.md"
    path.write_text(text.replace(badge, word, 1), encoding="utf-8")
    return path


@pytest.fixture
def elsewhere(desk: Desk) -> Desk:
    """A workspace with the same keywords and none of the papers."""
    return Desk(desk.folder.parent / "other", Corpus.of(()), topics=TOPICS)


def test_the_form_is_the_original_one_and_needs_no_workspace(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = desk.folder / "templates/digest.md.j2"
    template.write_text(template.read_text(encoding="utf-8") + "{{ 'mine' }}", encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (empty, desk.folder):
        assert exit_code(["-C", str(folder), "check", str(desk.path(DAY))]) == 0
    assert capsys.readouterr().out.count("4 papers, exactly in the format\n") == 2
    assert problems(desk, desk.path(DAY)) == [""]


def test_topics_with_categories_give_badges_by_what_the_archive_knows(desk: Desk) -> None:
    assert desk.path(DAY).read_bytes().count(b"/robust-") == 2
    assert problems(desk, desk.path(DAY)) == [""]


@pytest.mark.parametrize("word", ["sparse", "robust", "text."])
def test_a_badge_that_is_missing_is_named(desk: Desk, word: str) -> None:
    (problem,) = problems(desk, without_badge(desk, word.strip(".")))
    assert word.strip(".") in problem


def test_of_papers_not_in_the_archive_any_category_is_believed(desk: Desk, elsewhere: Desk) -> None:
    assert problems(elsewhere, desk.path(DAY)) == [""]
    assert problems(elsewhere, without_badge(desk, "robust")) == [""]


def test_a_badge_that_no_category_explains_is_named_also_without_the_archive(
    desk: Desk, elsewhere: Desk
) -> None:
    (problem,) = problems(elsewhere, without_badge(desk, "sparse"))
    assert "sparse" in problem


def test_each_version_has_its_own_categories(tmp_path: Path) -> None:
    """The digest shows the first version; the second, of another day, is in another category."""
    early, late = morning(DAY), morning(FIVE_DAYS[4])
    first = [replace(one, categories=("cs.LG",)) for one in papers(FIVE_DAYS[:3], BOTH)]
    second = [
        replace(
            one,
            version=2,
            url=one.url.replace("v1", "v2"),
            categories=("math.OC",),
            updated=late - timedelta(days=2),
        )
        for one in first
    ]
    desk = Desk(tmp_path, Corpus.of([*first, *second]), topics=TOPICS)
    desk.backfill(DAY, at=early)
    desk.backfill(*FIVE_DAYS[::4], at=late)
    assert shown(desk.path(DAY).read_bytes()) == ["2503.00002v1"]
    assert problems(desk, desk.path(DAY)) == [""]
