"""Editions: the digests that were written, with the papers behind them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from desk import Desk

from digest.fetcher.calendar import Calendar
from digest.model import PaperId
from digest.simulator import Corpus
from digest.writer import Renderer

DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 5))
CORPUS = Corpus.generate(
    seed=5, first=date(2026, 2, 2), last=date(2026, 3, 13), per_day=40, revised=0.3
)
TOPICS = '[[topic]]\nname = "words"\n[[topic.group]]\nkeywords = ["model", "scal", "noise"]\n'


@pytest.mark.parametrize("style", ["source", "clean"])
def test_an_edition_is_the_digest_file_with_its_papers(tmp_path: Path, style: str) -> None:
    desk = Desk(tmp_path, CORPUS, topics=TOPICS, environ={"DIGEST_DIGEST__STYLE": style})
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
        assert shown.entry.abstract == shown.match.abstract


def test_without_an_archive_there_is_no_edition_and_no_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS)
    with desk.app.editions() as editions:
        assert list(editions.between()) == []
    assert not desk.config.digest.archive.exists()
