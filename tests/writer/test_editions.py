"""Editions: the digests that were written, with the papers behind them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from desk import Desk, morning
from upkeeping import execute

from digest.fetcher.calendar import Calendar
from digest.model import CLEAN, SOURCE, PaperId, Style
from digest.simulator import Corpus
from digest.writer.format.badges import plain
from digest.writer.format.markdown import readable_abstract
from digest.writer.format.render import Renderer

DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 5))
CORPUS = Corpus.generate(
    seed=5, first=date(2026, 2, 2), last=date(2026, 3, 13), per_day=40, revised=0.3
)
TOPICS = '[[topic]]\nname = "words"\n[[topic.group]]\nkeywords = ["model", "scal", "noise"]\n'


@pytest.mark.parametrize("style", [SOURCE, CLEAN])
def test_an_edition_is_the_digest_file_with_its_papers(tmp_path: Path, style: Style) -> None:
    desk = Desk(tmp_path, CORPUS, topics=TOPICS, environ={"DIGEST_DIGEST__STYLE": style.name})
    for day in DAYS:
        desk.run_on(day)
    renderer = Renderer.of(desk.config.digest.template)
    with desk.app.editions() as editions:
        found = list(editions.between())
        later = list(editions.between(DAYS[1], DAYS[2]))
    assert {f"{one.day}.md": renderer.render(one.digest) for one in found} == desk.files()
    assert [one.day for one in later] == [DAYS[1], DAYS[2]]
    for shown in (shown for one in found for shown in one.shown):
        assert shown.match.topics == ("words",)
        assert PaperId.parse(shown.entry.url).base == shown.paper.id
        abstract = shown.match.abstract  # as arXiv has it; the clean style converts TeX
        assert plain(abstract) == shown.paper.abstract
        assert shown.entry.abstract == (abstract if style.raw else readable_abstract(abstract))


def test_without_an_archive_there_is_no_edition_and_no_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS)
    with desk.app.editions() as editions:
        assert list(editions.between()) == []
    assert not desk.config.digest.archive.exists()


def test_an_edition_is_the_same_whether_its_papers_are_known_or_looked_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS, topics=TOPICS)
    desk.backfill(DAYS[0], DAYS[-1], at=morning(DAYS[-1]))
    with desk.app.editions() as editions:
        known = list(editions.between())
        assert [record.shown for record in editions.records()] == [
            tuple(one.paper.id for one in edition.shown) for edition in known
        ]
    execute(desk.config.digest.archive, "UPDATE digest SET shown = NULL")  # as of an older program
    with desk.app.editions() as editions:
        assert list(editions.between()) == known
    assert any(edition.shown for edition in known)


def test_an_edition_has_what_an_edit_of_the_keywords_brings_before_a_rebuild(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, CORPUS, topics=TOPICS)
    desk.backfill(DAYS[0], DAYS[-1], at=morning(DAYS[-1]))
    with desk.app.editions() as editions:
        before = list(editions.between())
    (tmp_path / "config/keywords.toml").write_text(TOPICS.replace('"noise"', '"noise", "ring"'))
    with desk.app.editions() as editions:
        after = list(editions.between())
    list(desk.app.rebuild(None, None, diff=False))
    with desk.app.editions() as editions:
        assert list(editions.between()) == after
    assert sum(len(one.shown) for one in after) > sum(len(one.shown) for one in before)
