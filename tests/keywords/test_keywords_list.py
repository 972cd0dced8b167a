"""`digest keywords list`: what each keyword does in the digests."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from desk import Desk
from hypothesis import given
from hypothesis import strategies as st
from keyword_days import FIVE_DAYS, followed
from rich.console import Console

from digest.cli import exit_code
from digest.cli.keywords.tables import Row, Section, plain_lines, rich_tables
from digest.keywords.listing import cuts_word
from digest.keywords.report import KeywordUse, Listing
from digest.matcher import Occurrence
from digest.model import Keyword

SECOND = (
    '[[topic]]\nname = "second"\n[[topic.group]]\nname = "g"\ncolor = "00FF7F"\nkeywords = ["KV"]\n'
)
ABSTRACTS = ("LLMs and a vLLM", "only a KV cache", "KV for an LLM", "nothing at all")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Five days; the first topic has LLM, LLMs and cache, the second KV."""
    desk = followed(
        tmp_path_factory.mktemp("list"), ["LLM", "LLMs", "cache"], FIVE_DAYS, *ABSTRACTS
    )
    with (desk.folder / "config/keywords.toml").open("a", encoding="utf-8") as file:
        file.write(SECOND)
    return desk


def listed(desk: Desk, days: int = 30) -> Listing:
    with desk.app.keywords() as keywords:
        return keywords.listing(days)


def test_every_keyword_is_counted_in_the_digests(desk: Desk) -> None:
    report = listed(desk)

    assert (report.first, report.last, report.digests) == (FIVE_DAYS[0], FIVE_DAYS[-1], 5)
    assert report.papers == 15
    first, second = report.topics
    assert first.groups[0].keywords == (
        KeywordUse("LLM", papers=10, badges=15, only=0, cuts=5, behind=None),
        KeywordUse("LLMs", papers=0, badges=0, only=0, cuts=0, behind="LLM"),
        KeywordUse("cache", papers=5, badges=5, only=0, cuts=0, behind=None),
    )
    assert second.groups[0].keywords == (
        KeywordUse("KV", papers=10, badges=10, only=0, cuts=0, behind=None),
    )


def test_a_paper_that_is_there_for_one_keyword_alone_goes_without_it(tmp_path: Path) -> None:
    desk = followed(tmp_path, ["LLM", "KV", "cache"], FIVE_DAYS[:2], *ABSTRACTS)

    (group,) = listed(desk).topics[0].groups
    only = {use.text: use.only for use in group.keywords}

    assert only == {"LLM": 2, "KV": 0, "cache": 0}
    before = listed(desk).papers
    for word in only:
        rest = [other for other in only if other != word]
        text = f"[[topic]]\n[[topic.group]]\nkeywords = {json.dumps(rest)}\n"
        (desk.folder / "config/keywords.toml").write_text(text, encoding="utf-8")
        after = listed(desk).papers
        assert before - after == only[word], word


def test_days_count_back_from_the_newest_digest(desk: Desk) -> None:
    report = listed(desk, days=2)

    assert (report.first, report.last, report.papers) == (FIVE_DAYS[-2], FIVE_DAYS[-1], 6)


def test_without_an_archive_all_counts_are_zero_and_none_is_made(tmp_path: Path) -> None:
    desk = followed(tmp_path / "a", ["LLM"], FIVE_DAYS[:1], "x")
    archive = desk.folder / "output/.archive.sqlite3"
    archive.unlink()

    report = listed(desk)

    assert (report.digests, report.first, report.topics[0].groups[0].keywords[0].papers) == (
        0,
        None,
        0,
    )
    assert not archive.exists()


@pytest.mark.parametrize(
    ("abstract", "word", "expected"),
    [
        ("an LLM is", "LLM", False),
        ("LLMs", "LLM", False),
        ("qubits", "qubit", False),
        ("pruned", "prune", False),
        ("redefine", "red", True),
        ("vLLM", "LLM", True),
        ("LLM-based", "LLM", False),
        ("LLM2", "LLM", False),
        ("low-bits", "-bit", False),
        ("low-bit", "-bit", False),
        ("LLM", "LLM", False),
    ],
)
def test_a_badge_cuts_a_word_if_a_letter_is_left_outside(
    abstract: str, word: str, expected: bool
) -> None:
    start = abstract.index(word)

    assert cuts_word(abstract, Occurrence(Keyword(word), start, start + len(word))) is expected


def test_the_command_prints_aligned_text_where_there_is_no_terminal(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(("-C", str(desk.folder), "keywords", "list")) == 0

    assert capsys.readouterr().out.splitlines() == [
        "2025-03-10 to 2025-03-14: 15 papers in 5 digests",
        "",
        "topic 1",
        "",
        "group 1 (F08080)",
        "keyword papers badges only cuts",
        "LLM         10     15    0    5",
        "LLMs         0      0    0    0",
        "  never: behind LLM",
        "cache        5      5    0    0",
        "",
        "second",
        "",
        "g (00FF7F)",
        "keyword papers badges only cuts",
        "KV          10     10    0    0",
    ]


@pytest.mark.parametrize("width", [40, 80])
def test_a_terminal_shows_the_colours_and_every_number(width: int) -> None:
    rows = (Row("disaggregation", (1234, 12345, 3, 4)), Row("\x1b[2J", (0, 0, 0, 0), "never"))
    section = Section("group", "F08080", ("keyword", "papers", "badges", "only", "cuts"), rows)
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, color_system="truecolor")

    rich_tables([section], console)

    printed = stream.getvalue()
    plain = re.sub("\x1b\\[[0-9;]*m", "", printed)
    assert "\x1b[38;2;240;128;128mdisaggregation" in printed
    assert "\x1b[2J" not in printed
    assert re.search(r"disaggregation +1,234 +12,345 +3 +4$", plain, re.MULTILINE)
    assert max(map(len, plain.splitlines())) <= width


def test_machines_get_one_json_object(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(("-C", str(desk.folder), "keywords", "list", "--days", "1", "--json")) == 0

    report = json.loads(capsys.readouterr().out)
    assert report["first"] == report["last"] == "2025-03-14"
    assert report["topics"][0]["groups"][0]["color"] == "F08080"
    assert report["topics"][0]["groups"][0]["keywords"][1]["behind"] == "LLM"


@given(st.lists(st.tuples(st.text(st.characters(categories=["L", "N"])), st.integers(0, 10**6))))
def test_columns_stand_below_each_other(rows: list[tuple[str, int]]) -> None:
    section = Section("", "", ("word", "number of it"), tuple(Row(n, (c,)) for n, c in rows))

    lines = list(plain_lines([section]))

    assert len({len(line) for line in lines}) == 1
