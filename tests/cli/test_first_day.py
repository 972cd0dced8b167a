"""From nothing to the first digest about one's own topic: three commands and no editor."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from desk import Desk

from digest.cli import exit_code
from digest.config import load
from digest.simulator import Corpus

CORPUS = Corpus.generate(seed=5, first=date(2025, 2, 24), last=date(2025, 3, 6), per_day=40)
DAY = date(2025, 3, 4)


def command(folder: Path, *words: str) -> int:
    return exit_code(["-C", str(folder), *words])


def test_a_workspace_is_about_what_init_was_told_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "with space"
    words = ("--category", "quant-ph", "--keyword", 'a "qubit"', "--keyword", "error correction")
    assert exit_code(["init", str(folder), *words, "--contact", "me@example.org"]) == 0

    assert f"cd '{folder}'" in capsys.readouterr().out
    config = load(folder, {})
    (topic,) = config.topics
    assert topic.name == 'a "qubit"'
    assert topic.categories == ("quant-ph",)
    assert [word.text for group in topic.groups for word in group.keywords] == [
        'a "qubit"',
        "error correction",
    ]
    assert config.arxiv.contact == "me@example.org"
    assert command(folder, "keywords", "check") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--category", "quantph"), "did you mean 'quant-ph'?"),
        (("--keyword", "x", "--category", "cs.ROO"), "'cs.ROO' is not an arXiv category"),
        (("--category", "cs.CL"), "a topic needs a keyword"),
        (("--keyword", " "), "a topic needs a keyword"),
        (("--keyword", "x", "--contact", "a b"), "cannot be sent in a header"),
    ],
)
def test_what_is_wrong_is_reported_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert exit_code(["init", str(tmp_path / "papers"), *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "papers").exists()


def test_single_files_can_be_restored(tmp_path: Path) -> None:
    assert exit_code(["init", str(tmp_path)]) == 0
    file = tmp_path / "templates/digest.md.j2"
    text = file.read_bytes()
    assert exit_code(["init", str(tmp_path), "--template"]) == 2
    file.unlink()
    assert exit_code(["init", str(tmp_path), "--template"]) == 0
    assert file.read_bytes() == text


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    words = ("--keyword", "model", "--keyword", "scal", "--name", "words")
    assert exit_code(["init", str(tmp_path), *words]) == 0
    desk = Desk(tmp_path, CORPUS)
    desk.run_on(DAY)
    return desk


@pytest.mark.parametrize("columns", ["60", "80", "140"])
def test_a_digest_is_read_in_the_terminal(
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    columns: str,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    capsys.readouterr()
    assert command(desk.folder, "show", "--abstracts") == 0
    text = capsys.readouterr().out
    with desk.app.editions() as editions:
        (edition,) = editions.between()

    assert text.startswith(f"{DAY}: {len(edition.shown)} papers\n")
    flat = " ".join(text.split())
    for one in edition.shown:
        assert " ".join(one.paper.title.split()) in flat
        assert " ".join(one.paper.abstract.split()) in flat
        assert f"https://arxiv.org/abs/{one.paper.id}v" in flat
    assert "\x1b" not in text
    widest = max(len(line) for line in text.splitlines() if "http" not in line)
    assert widest <= min(int(columns), 100)


def test_a_digest_as_json_and_of_one_topic(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert command(desk.folder, "show", str(DAY), "--topic", "words", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["day"] == str(DAY)
    assert {"id", "title", "authors", "keywords", "url"} <= set(found["papers"][0])
    assert command(desk.folder, "show", "--topic", "birds") == 2
    assert "topics: 'words'" in capsys.readouterr().err
    assert command(desk.folder, "show", "2025-03-05") == 2
    assert "no digest of 2025-03-05" in capsys.readouterr().err


def test_the_file_of_a_digest_is_named_for_other_programs(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert command(desk.folder, "open", "--path") == 0
    assert Path(capsys.readouterr().out.strip()) == desk.path(DAY)


@pytest.mark.parametrize(
    ("words", "said"),
    [(("runn",), "Did you mean 'run'?"), (("keywords", "ad"), "Did you mean 'add'?")],
)
def test_a_mistyped_command_has_a_suggestion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert command(tmp_path, *words) == 2
    assert said in capsys.readouterr().err


def test_help_shows_the_help_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["help", "keywords", "add"]) == 0
    assert "Usage: digest keywords add" in capsys.readouterr().out
    assert exit_code(["help", "nothing"]) == 2


EDITED = """\
# mine
[[topic]]
name = "one"
exclude = ["bird", "Fish"]  # not these
# the first group
[[topic.group]]
name = "a"
keywords = ["x"]
[[topic.group]]
name = "b"
keywords = ["y"]  # keep

[[topic]]
name = "two"
[[topic.group]]
keywords = ["z"]
"""


@pytest.mark.parametrize(
    ("words", "gone", "kept"),
    [
        (("include", "fish", "--topic", "one"), '"Fish"', '["bird"]  # not these'),
        (("remove-group", "a", "--topic", "one"), '["x"]', '["y"]  # keep'),
        (("remove-topic", "two"), '["z"]', "# the first group"),
        (("remove-topic", "one"), '["x"]', '["z"]'),
    ],
)
def test_edits_have_their_opposites_and_keep_what_is_beside(
    tmp_path: Path, words: tuple[str, ...], gone: str, kept: str
) -> None:
    assert exit_code(["init", str(tmp_path)]) == 0
    file = tmp_path / "config/keywords.toml"
    file.write_text(EDITED, "utf-8")

    assert command(tmp_path, "keywords", *words, "--yes") == 0
    text = file.read_text("utf-8")
    assert gone not in text
    assert kept in text
    load(tmp_path, {})


@pytest.mark.parametrize(
    "words", [("remove-group", "group 1", "--topic", "two"), ("remove-topic", "three")]
)
def test_an_impossible_removal_changes_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert exit_code(["init", str(tmp_path)]) == 0
    file = tmp_path / "config/keywords.toml"
    file.write_text(EDITED, "utf-8")

    assert command(tmp_path, "keywords", *words, "--yes") == 2
    assert file.read_text("utf-8") == EDITED
