"""The command line as a person meets it: help, workspaces, errors, exit codes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import digest, members
from places import ROOT

from digest.cli import commands, exit_code
from digest.cli.archive import archive
from digest.cli.keywords import keywords
from digest.cli.terminal import clean
from digest.config import DIGEST_FILE, KEYWORDS_FILE, load
from digest.config.defaults import SHIPPED, shipped

COMMANDS = sorted(members(commands))
EVERY = [
    *((name,) for name in COMMANDS),
    *(("archive", name) for name in members(archive)),
    *(("keywords", name) for name in members(keywords)),
]


def test_help_lists_every_command_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["--help"]) == 0
    help_text = capsys.readouterr().out
    named = {"init", "run", "backfill", "rebuild", "import", "check", "status", "log", "simulate"}
    named |= {"archive", "audit", "export", "install", "notify", "schedule", "send"}
    named |= {"site", "show", "summarize"}
    assert set(COMMANDS) == named | {"keywords"}
    for command in COMMANDS:
        assert re.search(rf"^  {command} +[A-Z].*\.$", help_text, re.MULTILINE)
    for code in (0, 1, 2, 3, 4, 130, 143):
        assert re.search(rf"^ +{code} +\w", help_text, re.MULTILINE)


@pytest.mark.parametrize("command", [(), *EVERY])
def test_help_fits_into_forty_columns(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert exit_code([*command, "--help"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 40


@pytest.mark.parametrize("command", EVERY)
def test_every_command_and_every_option_has_help(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code([*command, "--help"]) == 0
    assert f"Usage: digest {' '.join(command)} " in capsys.readouterr().out
    group = {(): commands, ("archive",): archive, ("keywords",): keywords}[command[:-1]]
    for parameter in members(group)[command[-1]].params:
        assert parameter.param_type_name == "argument" or getattr(parameter, "help", None)


def test_help_imports_nothing_that_only_commands_need() -> None:
    program = (
        "import sys; from digest.cli import exit_code; code = exit_code(['--help']);"
        "heavy = {'pydantic', 'httpx', 'sqlite3', 'rich', 'jinja2', 'lxml', 'apscheduler'};"
        "sys.exit(code or ', '.join(heavy & set(sys.modules)) or 0)"
    )
    result = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["--version"]) == 0
    version = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.M)
    assert version is not None
    assert capsys.readouterr().out == f"digest {version[1]}\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["rum"], "rum"),
        (["run", "--dat", "2025-11-28"], "--date"),
        (["run", "--date", "28.11.2025"], "write it as 2025-11-28"),
        (["run", "--date", "2025-11-31"], "'2025-11-31' is not a valid date"),
        (["check"], "FILE"),
        (["check", "no-such-file.md"], "no-such-file.md"),
        (["simulate", "--port", "70000"], "70000"),
        (["-C", "no-such-folder", "status"], "no-such-folder"),
    ],
)
def test_wrong_usage_is_named_and_exits_with_2(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(arguments) == 2
    captured = capsys.readouterr()
    assert named in captured.err
    assert captured.out == ""


def test_init_makes_a_workspace_that_is_configured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new"
    assert exit_code(["init", str(folder)]) == 0
    made = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert made == set(SHIPPED)
    assert all((folder / name).read_text(encoding="utf-8") == shipped(name) for name in made)
    assert (folder / "output").is_dir()
    assert load(folder, {}).digest.output == folder / "output"
    told = capsys.readouterr().out
    assert "config/keywords.toml" in told
    assert "digest run" in told
    assert f"cd {folder}" in told


def test_init_without_a_name_takes_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_HOME", str(ROOT))
    assert exit_code(["init"]) == 0
    assert (tmp_path / DIGEST_FILE).is_file()


def test_init_never_overwrites_and_then_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / KEYWORDS_FILE).write_text("mine")
    assert exit_code(["-C", str(tmp_path), "init"]) == 2
    assert str(tmp_path / KEYWORDS_FILE) in capsys.readouterr().err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / KEYWORDS_FILE]
    assert (tmp_path / KEYWORDS_FILE).read_text() == "mine"


def test_init_where_nothing_can_be_written_leaves_all_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "templates").touch()
    assert exit_code(["init", str(tmp_path)]) == 1
    assert "templates" in capsys.readouterr().err
    assert list(tmp_path.rglob("*")) == [tmp_path / "templates"]


def test_init_without_room_leaves_no_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "there/output").mkdir(parents=True)
    limited = 'ulimit -f 0; exec "$@" 2>&1 | cat'
    for folder in ("there", "new/deep"):
        result = subprocess.run(
            ("/bin/sh", "-c", limited, "sh", sys.executable, "-m", "digest", "init", folder),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "File too large" in result.stdout
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "there", tmp_path / "there/output"]


def test_a_folder_that_is_no_workspace_is_told_how_to_become_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIGEST_HOME", raising=False)
    assert exit_code(["status"]) == 2
    told = capsys.readouterr().err
    assert f"{tmp_path}/config/digest.toml: file not found" in told
    assert "digest init" in told


def test_workspace_is_the_one_named_then_the_current_one_then_digest_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def archive_named_by_status(*arguments: str) -> str:
        """Each folder's configuration is wrong, and the message tells whose it is."""
        assert exit_code([*arguments, "status"]) == 2
        return capsys.readouterr().err

    folders = {name: tmp_path / name for name in ("named", "current", "home", "bare")}
    for name, folder in folders.items():
        folder.mkdir()
        if name != "bare":
            (folder / "config").mkdir()
            (folder / DIGEST_FILE).write_text(f"{name} = 1")
    monkeypatch.setenv("DIGEST_HOME", str(folders["home"]))
    monkeypatch.chdir(folders["current"])
    assert ": named: unknown key" in archive_named_by_status("-C", str(folders["named"]))
    assert ": current: unknown key" in archive_named_by_status()
    monkeypatch.chdir(folders["bare"])
    assert ": home: unknown key" in archive_named_by_status()
    monkeypatch.delenv("DIGEST_HOME")
    assert "file not found" in archive_named_by_status()


def test_control_characters_of_a_configuration_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / DIGEST_FILE).write_text('"\\u001b[31m\\u202e" = 1', encoding="utf-8")
    assert exit_code(["-C", str(tmp_path), "status"]) == 2
    told = capsys.readouterr().err
    assert r"\x1b[31m\u202e" in told
    assert "\x1b" not in told
    assert "\u202e" not in told


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain, Ünïcode, 漢字, עברית, 😀\tand\nlines", None),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("over\rwritten\x08\x7f\x9b", r"over\rwritten\x08\x7f\x9b"),
        ("\u202eback\u2066wards", r"\u202eback\u2066wards"),
        ("\udcff", r"\udcff"),
    ],
)
def test_text_is_shown_without_what_controls_a_terminal(text: str, cleaned: str | None) -> None:
    assert clean(text) == (text if cleaned is None else cleaned)


def test_a_terminal_that_cannot_show_a_sign_gets_its_number(tmp_path: Path) -> None:
    result = digest("init", str(tmp_path / "漢"), PYTHONIOENCODING="latin-1")
    assert result.returncode == 0
    assert r"\u6f22" in result.stdout


def test_results_and_messages_do_not_mix(tmp_path: Path) -> None:
    assert digest("init", folder=tmp_path).stderr == ""
    again = digest("init", folder=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("Error: ")


def test_a_closed_pipe_is_no_accident() -> None:
    with subprocess.Popen(
        (sys.executable, "-m", "digest", "--help"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
