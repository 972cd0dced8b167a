"""`digest keywords preview`: what other keywords or another style would do; nothing is changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from desk import Desk, morning

from digest.cli import exit_code
from digest.fetcher.calendar import Calendar
from digest.simulator import Corpus

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 5))
CORPUS = Corpus.generate(seed=5, first=date(2025, 2, 20), last=date(2025, 3, 10), per_day=20)


def topics(*keywords: str) -> str:
    return f"[[topic]]\n[[topic.group]]\nkeywords = {json.dumps(keywords)}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three digests."""
    desk = Desk(tmp_path_factory.mktemp("made"), CORPUS, topics=topics("problem", "noise"))
    desk.run_on(DAYS[0])
    assert desk.backfill(DAYS[1], DAYS[-1], at=morning(DAYS[-1])).exit_code == 0
    return desk.folder


def preview(folder: Path, *arguments: str) -> int:
    return exit_code(["-C", str(folder), "keywords", "preview", *arguments])


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def other(tmp_path: Path) -> str:
    path = tmp_path / "other.toml"
    path.write_text(topics("scales", "noise"))
    return str(path)


def test_the_effect_of_another_file_is_shown_and_nothing_changes(
    folder: Path, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(folder)
    assert preview(folder, other) == 0
    printed = capsys.readouterr().out
    assert "[scales]" in printed
    assert "[problem]" in printed
    assert "\n3 digests, 2025-03-03 to 2025-03-05: " in printed
    assert "\nAverage per digest: " in printed
    assert contents(folder) == before


def test_the_days_add_up(folder: Path, other: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert preview(folder, other, "--json") == 0
    days = json.loads(capsys.readouterr().out)["days"]
    assert [day["day"] for day in days] == [str(day) for day in DAYS]
    assert any(day["came"] for day in days) and any(day["went"] for day in days)
    for day in days:
        assert day["after"] == day["before"] + len(day["came"]) - len(day["went"])


RANGES = {
    ("--from", "2025-03-04"): [1, 2],
    ("--to", "2025-03-04"): [0, 1],
    ("--from", "2025-03-04", "--to", "2025-03-04"): [1],
    ("--days", "2"): [1, 2],
    ("--from", "2025-04-01"): [],
}


@pytest.mark.parametrize("options", RANGES, ids=" ".join)
def test_any_range_can_be_looked_at(
    options: tuple[str, ...], folder: Path, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert preview(folder, other, *options, "--json") == 0
    days = json.loads(capsys.readouterr().out)["days"]
    assert [day["day"] for day in days] == [str(DAYS[n]) for n in RANGES[options]]


def test_another_style(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert preview(folder, "--style", "source") == 0
    assert "nothing changes" in capsys.readouterr().out
    assert preview(folder, "--style", "clean") == 0
    assert "also: badges of another colour or place" in capsys.readouterr().out


def test_mistakes_name_the_file_that_was_given(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(topics("") + 'colour = "red"\n')
    assert preview(folder, str(bad)) == 2
    said = capsys.readouterr().err
    assert f"{bad}:3: topic[1].group[1].keywords[1]: is empty" in said
    assert f"{bad}:4: topic[1].group[1].colour: unknown key" in said
    assert "config/keywords.toml" not in said
    bad.write_bytes(b"# \xff")
    assert preview(folder, str(bad)) == 2
    assert f"{bad}:1: text: is not UTF-8" in capsys.readouterr().err


WRONG = {
    (): "Nothing to preview",
    ("no.toml",): "'no.toml' does not exist",
    ("--style", "fancy"): "'fancy' is not one of",
    ("--style", "clean", "--from", "2025-03-05", "--to", "2025-03-04"): "must not be later than "
    "--to",
    ("--style", "clean", "--days", "0"): "--days",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_what_makes_no_sense_is_refused(
    arguments: tuple[str, ...], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert preview(folder, *arguments) == 2
    assert WRONG[arguments] in capsys.readouterr().err


def test_without_an_archive_there_is_no_effect_and_no_archive_is_made(
    other: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path / "empty", CORPUS)
    assert preview(desk.folder, other) == 0
    assert "no effect can be shown" in capsys.readouterr().out
    assert not list(desk.folder.glob("output/.archive*"))
