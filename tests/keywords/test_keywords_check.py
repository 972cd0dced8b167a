"""`digest keywords check`: what there is to mend, and on which line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from desk import Desk
from keyword_days import FIVE_DAYS, followed, written

from digest.config.places import Places
from digest.keywords.report import Finding
from digest.simulator import Corpus

NO_PAPERS = Corpus.generate(seed=1, first=date(2025, 1, 1), last=date(2025, 1, 3), per_day=5)

TOPICS = """\
[[topic]]
name = "t"
[[topic.group]]
name = "one"
color = "F08080"
keywords = [
  "LLM",
  "LLMs",
  "KV",
]
[[topic.group]]
name = "two"
color = "F08585"
keywords = ["serving", "KV"]
"""


def findings(desk: Desk, days: int = 90) -> tuple[Finding, ...]:
    with desk.app.keywords() as keywords:
        return keywords.check(days).findings


def brief(desk: Desk) -> list[tuple[str, int, str | None]]:
    return [(one.kind, one.line, one.keyword) for one in findings(desk)]


def test_what_the_files_alone_show_is_told_with_its_line(tmp_path: Path) -> None:
    desk = Desk(tmp_path, NO_PAPERS, topics=TOPICS)

    assert brief(desk) == [("never", 8, "LLMs"), ("color", 13, None), ("repeated", 14, "KV")]
    assert {one.file for one in findings(desk)} == {tmp_path / "config/keywords.toml"}


def test_a_second_file_of_topics_has_lines_of_its_own(tmp_path: Path) -> None:
    desk = Desk(tmp_path, NO_PAPERS, topics=TOPICS)
    other = tmp_path / "config/topics/more.toml"
    other.parent.mkdir()
    other.write_text('[[topic]]\n[[topic.group]]\nkeywords = ["ab", "abc"]\n', encoding="utf-8")

    *_, last = findings(desk)

    assert (last.file, last.line, last.keyword) == (other, 3, "abc")


def test_sound_keywords_have_nothing_to_mend(tmp_path: Path) -> None:
    desk = Desk(tmp_path, NO_PAPERS, topics='[[topic]]\n[[topic.group]]\nkeywords = ["LLM"]\n')

    with desk.app.keywords() as keywords:
        report = keywords.check(90)

    assert (report.findings, report.exit_code, report.enough) == ((), 0, False)


def test_an_archive_that_is_young_accuses_no_keyword_of_being_unused(tmp_path: Path) -> None:
    desk = followed(tmp_path, ["word", "tensor"], FIVE_DAYS, "a word")

    with desk.app.keywords() as keywords:
        report = keywords.check(90)

    assert (report.announcements, report.enough, report.findings) == (5, False, ())
    assert (report.first, report.last) == (FIVE_DAYS[0], FIVE_DAYS[-1])


def test_a_month_without_a_badge_makes_a_keyword_unused(tmp_path: Path) -> None:
    desk = written(tmp_path, ["word", "tensor"], date(2025, 3, 3), days=20)

    assert brief(desk) == [("unused", 3, "word"), ("unused", 3, "tensor")]


def test_a_keyword_most_of_whose_badges_cut_words_is_told(tmp_path: Path) -> None:
    desk = followed(tmp_path, ["LLM", "word"], FIVE_DAYS, "a word; LLMops and vLLM, an LLM")

    (one,) = findings(desk)

    assert (one.kind, one.keyword, one.what) == (
        "cuts",
        "LLM",
        "'LLM' cuts a word in 10 of 15 badges",
    )


def test_places_are_those_of_each_topic_in_its_own_file(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    text = "[[topic]]\n[[topic.group]]\nkeywords = ['a',\n'b']\n"
    first.write_text(text, encoding="utf-8")
    second.write_text(text + text, encoding="utf-8")
    places = Places((first, second, second))

    assert places.color(0, "group", 0) == (first, 2), "the group, where it names no colour"
    assert places.keyword(1, 0, 1) == (second, 4)
    assert places.keyword(2, 0, 0) == (second, 7)


def test_the_command_says_what_to_do_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from digest.cli import exit_code

    Desk(tmp_path, NO_PAPERS, topics=TOPICS)
    place = ("-C", str(tmp_path), "keywords", "check")

    assert exit_code(place) == 1
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.endswith(
        "keywords.toml:8: 'LLMs' never matches: 'LLM' stands before it and takes it"
    )
    assert second == "  move it before that one, or remove it"
    assert exit_code((*place, "--json")) == 1
    assert [one["kind"] for one in json.loads(capsys.readouterr().out)["findings"]] == [
        "never",
        "color",
        "repeated",
    ]


@pytest.mark.parametrize(
    ("color", "found"),
    [("F08080", True), ("f08080", True), ("F08585", True), ("FF8C00", False), ("6495ED", False)],
)
def test_a_colour_is_reported_if_it_looks_like_that_of_another_group(
    tmp_path: Path, color: str, *, found: bool
) -> None:
    text = TOPICS.replace("F08585", color).replace('"serving", "KV"', '"serving"')
    kinds = [kind for kind, _, _ in brief(Desk(tmp_path, NO_PAPERS, topics=text))]

    assert ("color" in kinds) is found
