"""`digest keywords edit`: with real programs as editors, well behaved and not."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from digest.cli import exit_code
from digest.config.workspace import create

KEYWORDS = '# Mine.\n[[topic]]\n[[topic.group]]\nname = "words"\nkeywords = ["problem"]\n'
CHANGED = KEYWORDS.replace('["problem"]', '["problem", "noise"]')
WRONG = KEYWORDS.replace('["problem"]', '["problem", ""]')


@pytest.fixture
def file(tmp_path: Path) -> Path:
    create(tmp_path)
    path = tmp_path / "config" / "keywords.toml"
    path.write_text(KEYWORDS)
    return path


class Editor:
    """A program that writes one text after the other into what it is started with.

    "" leaves it alone. Its arguments are noted.
    """

    def __init__(self, folder: Path, name: str, *texts: str) -> None:
        self._folder = folder / "editor"
        self._folder.mkdir()
        self.program = self._folder / name
        lines = ["#!/bin/sh", f"cd {shlex.quote(str(self._folder))}", 'echo "$*" >>arguments']
        lines.append('for file; do :; done; next="$(ls text.* | head -n 1)"')
        lines.append('if [ -s "$next" ]; then cat "$next" >"$file"; fi; rm "$next"')
        self.program.write_text("\n".join(lines) + "\n")
        self.program.chmod(0o755)
        for number, text in enumerate(texts):
            (self._folder / f"text.{number}").write_text(text)

    def started(self) -> list[list[str]]:
        """The arguments of each start."""
        lines = (self._folder / "arguments").read_text().splitlines()
        return [line.split() for line in lines]


def edit(
    file: Path, monkeypatch: pytest.MonkeyPatch, editor: str | Path, *options: str, typed: str = ""
) -> int:
    """The command's exit code; what is typed is typed at a terminal, if there is anything."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))
    with stdin(typed) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        return exit_code(["-C", str(file.parents[1]), "keywords", "edit", *options])


@contextmanager
def stdin(typed: str) -> Iterator[object]:
    if not typed:
        with Path(os.devnull).open(encoding="utf-8") as nobody:
            yield nobody
        return
    ours, theirs = os.openpty()
    os.write(ours, typed.encode())
    with os.fdopen(theirs, "r", encoding="utf-8") as terminal:
        yield terminal
    os.close(ours)


def kept(said: str) -> Path:
    """Where the version is that is kept."""
    found = re.search(r"Your version is kept: (.+)", said)
    assert found, said
    return Path(found[1])


def left(file: Path) -> list[str]:
    return sorted(path.name for path in file.parent.iterdir() if path.name.startswith("."))


def test_what_is_saved_in_the_editor_takes_the_place_of_the_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor = Editor(tmp_path, "my-editor", CHANGED)
    assert edit(file, monkeypatch, f"{editor.program} --wait", "--yes") == 0
    ((wait, copy),) = editor.started()
    assert wait == "--wait"
    assert Path(copy).name == "keywords.toml"
    printed = capsys.readouterr()
    assert "no effect can be shown" in printed.out
    assert "Saved." in printed.err
    assert file.read_text() == CHANGED
    assert left(file) == []


def test_it_asks_on_a_terminal(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = Editor(tmp_path, "my-editor", CHANGED)
    assert edit(file, monkeypatch, editor.program, typed="y\n") == 0
    assert file.read_text() == CHANGED
    assert left(file) == []


@pytest.mark.parametrize("typed", ["n\n", ""])
def test_what_is_not_wanted_in_the_end_is_kept_aside(
    file: Path,
    tmp_path: Path,
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    editor = Editor(tmp_path, "my-editor", CHANGED)
    assert edit(file, monkeypatch, editor.program, typed=typed) == 2
    assert kept(capsys.readouterr().err).read_text() == CHANGED
    assert file.read_text() == KEYWORDS


def test_nothing_changed_is_told(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edit(file, monkeypatch, Editor(tmp_path, "vi", "").program) == 0
    assert capsys.readouterr().err == "Nothing was changed.\n"
    assert left(file) == []


@pytest.mark.parametrize(("name", "has_line"), [("vi", True), ("nano", True), ("code", False)])
def test_a_mistake_is_shown_and_the_editor_opened_again_at_its_line(
    file: Path,
    tmp_path: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    has_line: bool,
) -> None:
    editor = Editor(tmp_path, name, WRONG, CHANGED)
    assert edit(file, monkeypatch, editor.program, "--yes", typed="\n") == 0
    said = capsys.readouterr().err
    assert f"{file}:5: topic[1].group[1].keywords[2]" in said
    assert "Open it again? [Y/n]" in said
    first, second = editor.started()
    assert len(first) == 1
    assert second == ["+5", *first] if has_line else first
    assert file.read_text() == CHANGED


@pytest.mark.parametrize("typed", ["n\n", ""])
def test_a_version_that_stays_wrong_is_kept(
    file: Path,
    tmp_path: Path,
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    editor = Editor(tmp_path, "vi", WRONG)
    assert edit(file, monkeypatch, editor.program, "--yes", typed=typed) == 2
    said = capsys.readouterr().err
    assert f"{file}:5: " in said
    assert kept(said).read_text() == WRONG
    assert file.read_text() == KEYWORDS


def test_a_broken_file_is_mended(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(b"[[topic]\n\xff")
    assert edit(file, monkeypatch, Editor(tmp_path, "vi", KEYWORDS).program, "--yes") == 0
    assert "files were invalid before" in capsys.readouterr().err
    assert file.read_text() == KEYWORDS


def test_an_editor_that_fails_keeps_what_it_wrote(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor = Editor(tmp_path, "vi", CHANGED)
    with editor.program.open("a") as script:
        script.write("exit 3\n")
    assert edit(file, monkeypatch, editor.program, "--yes") == 1
    said = capsys.readouterr().err
    assert f"the editor ended with an error: {editor.program}: 3" in said
    assert kept(said).read_text() == CHANGED
    assert file.read_text() == KEYWORDS


def test_an_editor_that_takes_the_copy_away(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edit(file, monkeypatch, "rm", "--yes") == 2
    assert "cannot be read: No such file" in capsys.readouterr().err
    assert file.read_text() == KEYWORDS
    assert left(file) == []


def test_no_such_editor(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edit(file, monkeypatch, "no-such-editor") == 2
    said = capsys.readouterr().err
    assert "no-such-editor: No such file" in said
    assert "$VISUAL or $EDITOR" in said
    assert left(file) == []


def test_a_write_protected_file_is_not_even_opened(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.chmod(0o444)
    assert edit(file, monkeypatch, "no-such-editor") == 1
    assert "write-protected" in capsys.readouterr().err


def test_of_several_files_one_is_named(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = file.parent / "topics" / "robots.toml"
    other.parent.mkdir()
    other.write_text('[[topic]]\nname = "robots"\n[[topic.group]]\nkeywords = ["arm"]\n')
    editor = Editor(tmp_path, "vi", other.read_text().replace("arm", "hand"))
    assert edit(file, monkeypatch, editor.program) == 2
    assert f"Name one of: {file}, {other}" in capsys.readouterr().err
    assert edit(file, monkeypatch, editor.program, str(tmp_path / "no.toml")) == 2
    assert "is not a keyword file" in capsys.readouterr().err
    assert edit(file, monkeypatch, editor.program, str(other), "--yes") == 0
    assert '"hand"' in other.read_text()
    assert file.read_text() == KEYWORDS
