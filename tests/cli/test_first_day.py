"""From nothing to the first digest about one's own topic: three commands, and no editor."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
import pytest
from command import digest, running
from test_cli_end_to_end import started

from digest.cli import commands
from digest.cli.options import workspace
from digest.config import load
from digest.config.starting import Start
from digest.config.workspace import create, restore
from digest.model.errors import UsageError

WORDS = ("--category", "quant-ph", "--keyword", "qubit", "--keyword", "error correction")


def test_two_keywords_need_two_commands_after_the_installation(tmp_path: Path) -> None:
    with running("simulate") as simulator:
        variables = {
            "DIGEST_ARXIV__API_URL": started(simulator),
            "DIGEST_ARXIV__DELAY_SECONDS": "0",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        made = digest("init", *WORDS, folder=tmp_path, **variables)
        assert made.returncode == 0, made.stderr
        assert "write your keywords" not in made.stdout
        ran = digest("run", folder=tmp_path, **variables)
        assert ran.returncode == 0, ran.stderr
    (file,) = (tmp_path / "output").glob("2*.md")
    titles = file.read_text("utf-8").count("\n## ")
    shown = digest("show", folder=tmp_path, **variables)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(f"{file.stem}: {titles} paper")


def test_a_start_is_exactly_what_was_asked_for(tmp_path: Path) -> None:
    create(tmp_path, Start(("quant-ph",), ("qubit", 'a "b" \\ é'), "q", "me@example.org"))
    config = load(tmp_path, {})
    (topic,) = config.topics
    assert (topic.name, [str(one) for one in topic.categories]) == ("q", ["quant-ph"])
    assert [one.text for one in topic.groups[0].keywords] == ["qubit", 'a "b" \\ é']
    assert config.arxiv.contact == "me@example.org"
    assert len((tmp_path / "config/keywords.toml").read_text("utf-8").splitlines()) < 25


def test_what_is_not_valid_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="categor"):
        create(tmp_path / "w", Start(("quant-phh",), ("qubit",)))
    assert not (tmp_path / "w").exists()


def test_missing_files_are_restored_and_others_stay(tmp_path: Path) -> None:
    create(tmp_path)
    template, other = (tmp_path / "templates" / name for name in ("digest.md.j2", "summary.md.j2"))
    text = template.read_text("utf-8")
    template.unlink()
    other.write_text("mine", "utf-8")
    assert restore(tmp_path, "templates") == [template]
    assert (template.read_text("utf-8"), other.read_text("utf-8")) == (text, "mine")
    assert restore(tmp_path, "config") == []


def test_a_folder_with_a_space_is_quoted(tmp_path: Path) -> None:
    assert "cd 'with space'" in digest("init", "with space", folder=tmp_path).stdout
    assert tomllib.loads((tmp_path / "with space/config/keywords.toml").read_text("utf-8"))


def test_a_mistyped_command_gets_a_suggestion(tmp_path: Path) -> None:
    typo = digest("runn", folder=tmp_path)
    assert typo.returncode == 2
    assert "Did you mean 'run'?" in typo.stderr


def test_the_workspace_is_found_from_a_folder_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(tmp_path)
    (tmp_path / "output" / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "output" / "deep")
    assert workspace(click.Context(commands)) == tmp_path
