"""`digest keywords add` and its kin: seen first, then saved, whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from select import select

import pytest
from command import environment
from desk import Desk, morning

from digest.cli import exit_code
from digest.config.workspace import create
from digest.fetcher.calendar import Calendar
from digest.keywords.editing.drafts import Editing, save
from digest.model import Keyword
from digest.model.errors import WriteError
from digest.simulator import Corpus

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 5))
CORPUS = Corpus.generate(seed=5, first=date(2025, 2, 20), last=date(2025, 3, 10), per_day=20)
KEYWORDS = """\
# Mine.
[[topic]]
name = "all"

[[topic.group]]
name = "words"
keywords = [
  "problem",  # what is wrong
  # not "scale"
  "noise",
]
[[topic.group]]
name = "others"
color = "FF8C00"
keywords = ["a", "e"]
"""

needs_permissions = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everything"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three digests."""
    desk = Desk(tmp_path_factory.mktemp("made"), CORPUS, topics=KEYWORDS)
    desk.run_on(DAYS[0])
    assert desk.backfill(DAYS[1], DAYS[-1], at=morning(DAYS[-1])).exit_code == 0
    return desk.folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "workspace")


def keywords(folder: Path) -> Path:
    return folder / "config" / "keywords.toml"


def command(folder: Path, *arguments: str) -> int:
    return exit_code(["-C", str(folder), "keywords", *arguments])


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch, typed: str) -> Iterator[None]:
    """Standard input is a terminal at which somebody has typed this."""
    ours, theirs = os.openpty()
    os.write(ours, typed.encode())
    with os.fdopen(theirs, "r", encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield
    os.close(ours)


def test_the_effect_is_shown_then_the_file_is_saved(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(folder, "add", "scales", "--group", "words", "--yes") == 0
    printed = capsys.readouterr()
    lines = printed.out.split("\n")
    assert lines[0] == f"{keywords(folder)}: adds 'scales' to group 'words' of topic 'all'"
    assert re.search(r"^  \+ 250\d\.\d{5}v1 .+\n    .*\[scales\]", printed.out, re.MULTILINE)
    assert "Average per digest: " in printed.out
    assert printed.err.startswith("Saved. `digest rebuild`")
    assert keywords(folder).read_text() == KEYWORDS.replace('"noise",\n', '"noise",\n  "scales",\n')


def test_what_is_shown_is_what_a_rebuild_does(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(folder, "add", "scales", "--group", "words", "--yes", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["saved"]
    assert exit_code(["-C", str(folder), "rebuild", "--json"]) == 0
    rebuilt = json.loads(capsys.readouterr().out)
    came = [paper["id"] for day in told["effect"]["days"] for paper in day["came"]]
    assert came
    assert came == [paper["id"] for day in rebuilt["changed"] for paper in day["came"]]


@pytest.mark.parametrize(
    ("option", "code", "said"),
    [
        ("--dry-run", 0, "Nothing was changed.\n"),
        ("--days=1", 2, "Nothing was changed. Without a terminal there is no question"),
        ("--json", 2, "Nothing was changed. Without a terminal there is no question"),
    ],
)
def test_without_consent_nothing_is_changed(
    folder: Path, option: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with open(os.devnull, encoding="utf-8") as nobody:  # noqa: PTH123
        sys.stdin, terminal_of_tests = nobody, sys.stdin
        try:
            assert command(folder, "remove", "noise", option) == code
        finally:
            sys.stdin = terminal_of_tests
    printed = capsys.readouterr()
    assert printed.err.startswith(said)
    assert "noise" in printed.out
    if option == "--json":
        assert json.loads(printed.out)["saved"] is False
    assert keywords(folder).read_text() == KEYWORDS


@pytest.mark.parametrize(("typed", "is_saved"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_on_a_terminal_it_asks(
    folder: Path,
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    is_saved: bool,
) -> None:
    with terminal(monkeypatch, typed):
        assert command(folder, "remove", "noise") == 0
    assert "Save this? [y/N]" in capsys.readouterr().err
    assert ("noise" in keywords(folder).read_text()) != is_saved


ON_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


def test_ctrl_c_at_the_question_changes_nothing(folder: Path) -> None:
    line = [sys.executable, "-m", "digest", "keywords", "remove", "noise"]
    with subprocess.Popen(
        [sys.executable, "-c", ON_A_TERMINAL, *line],
        cwd=folder,
        env=environment(TERM="xterm", COLUMNS="40"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        shown = process.stdout.fileno()
        drawn = b""
        while b"Save this? [y/N]: " not in drawn:
            drawn += (part := os.read(shown, 65536))
            assert part, drawn
        process.stdin.write(b"\x03")
        end = b""
        while part:
            if select([shown], [], [], 1)[0]:
                end += (part := os.read(shown, 65536))
            else:
                # A signal just before Python begins to wait for a key is seen at the next key.
                process.stdin.write(b"\x03")
    assert process.returncode == 130
    assert b"Nothing was changed." in end
    assert b"Traceback" not in end
    assert b"\x1b[31m- 250" in drawn
    assert keywords(folder).read_text() == KEYWORDS


EDITS = [
    ["add", "scales", "--group", "words", "--before", "noise"],
    ["add", "scales", "--group", "words", "--whole-word", "--case", "--first"],
    ["remove", "noise", "--group", "words", "--topic", "all"],
    ["move", "noise", "--first"],
    ["move", "problem", "--last"],
    ["move", "noise", "--group", "others"],
    ["exclude", "banana"],
    ["add-group", "more", "x", "y", "--color", "abcdef"],
    ["add-topic", "second", "x", "--group", "g", "--category", "cs.*", "--category", "hep-th"],
]


@pytest.mark.parametrize("arguments", EDITS, ids=" ".join)
def test_each_edit_twice_is_no_change_the_second_time(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create(tmp_path)
    keywords(tmp_path).write_text(KEYWORDS)
    assert command(tmp_path, *arguments, "--yes") == 0
    once = keywords(tmp_path).read_bytes()
    assert once != KEYWORDS.encode()
    assert "no effect can be shown" in capsys.readouterr().out
    assert command(tmp_path, *arguments) == 0
    assert capsys.readouterr().out.endswith(". Nothing to change.\n")
    assert keywords(tmp_path).read_bytes() == once
    assert command(tmp_path, *arguments, "--json") == 0
    assert json.loads(capsys.readouterr().out)["effect"] is None


WRONG = {
    "unknown group": (["add", "x", "--group", "wrods"], "Did you mean 'words'?"),
    "empty word": (["add", "", "--group", "words"], "a keyword cannot be empty"),
    "a control character": (["add", "a\x07", "--group", "words"], "a control character"),
    "colour": (["add-group", "more", "x", "--color", "red"], "'red' is not a valid colour"),
    "category": (["add-topic", "more", "x", "--category", "cs"], "'cs' holds no papers itself"),
    "archive": (["add-topic", "more", "x", "--category", "hepth"], "did you mean 'hep-th'?"),
    "of another group": (["add", "e", "--group", "words"], "'e' is in group 'others'"),
    "two places": (["move", "noise", "--first", "--last"], "--last cannot be combined"),
    "no place": (["move", "noise"], "Missing target"),
    "no keyword": (["add-group", "more"], "Missing argument 'WORD...'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_edit_leaves_the_file_as_it_was(
    case: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, message = WRONG[case]
    before = keywords(folder).stat()
    assert command(folder, *arguments, *(() if case == "no keyword" else ("--yes",))) == 2
    assert message in capsys.readouterr().err
    after = keywords(folder).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_in_the_scope_of_the_topics_it_says_what_is_not_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGEST_ARXIV__SCOPE", "topics")
    assert command(folder, "add", "scales", "--group", "words", "--dry-run") == 0
    assert 'not in the archive yet: the scope is "topics"' in capsys.readouterr().err


def test_a_mistake_in_the_file_is_told_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keywords(folder).write_text("[[topic]]\nname = 'a\n")
    assert command(folder, "add", "x", "--group", "words", "--yes") == 2
    assert f"{keywords(folder)}:2: syntax: " in capsys.readouterr().err
    assert keywords(folder).read_text() == "[[topic]]\nname = 'a\n"


def test_a_write_protected_file_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keywords(folder).chmod(0o444)
    assert command(folder, "remove", "noise", "--yes") == 1
    assert f"{keywords(folder)}: it is write-protected" in capsys.readouterr().err
    assert keywords(folder).read_text() == KEYWORDS


@needs_permissions
def test_a_folder_without_permission_leaves_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keywords(folder).parent.chmod(0o555)
    assert command(folder, "remove", "noise", "--yes") == 1
    keywords(folder).parent.chmod(0o755)
    assert "cannot write: " in capsys.readouterr().err
    assert keywords(folder).read_text() == KEYWORDS


def test_a_file_that_cannot_be_written_is_left_as_it_was(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Where the new file would be put together, there is a folder.
    (keywords(folder).parent / f".keywords.toml.{os.getpid()}.digest-tmp").mkdir()
    assert command(folder, "remove", "noise", "--yes") == 1
    said = capsys.readouterr().err
    assert f"cannot write: {keywords(folder)}: " in said
    assert "Saved" not in said
    assert keywords(folder).read_text() == KEYWORDS


def editing(folder: Path) -> Editing:
    return Editing(folder, {})


def test_a_file_that_changed_meanwhile_is_not_overwritten(folder: Path) -> None:
    _, draft = editing(folder).edited(lambda edits: edits.remove("noise"))
    keywords(folder).write_text(KEYWORDS + "# by another\n")
    with pytest.raises(WriteError, match="was changed meanwhile"):
        save(draft)
    assert keywords(folder).read_text() == KEYWORDS + "# by another\n"


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(folder: Path) -> None:
    dotfiles = folder / "dotfiles"
    dotfiles.mkdir()
    keywords(folder).rename(dotfiles / "mine.toml")
    keywords(folder).symlink_to(dotfiles / "mine.toml")
    (dotfiles / "mine.toml").chmod(0o640)
    assert command(folder, "remove", "noise", "--yes") == 0
    assert keywords(folder).is_symlink()
    assert "noise" not in (dotfiles / "mine.toml").read_text()
    assert (dotfiles / "mine.toml").stat().st_mode & 0o777 == 0o640


def test_a_byte_order_mark_and_windows_line_ends_stay(folder: Path) -> None:
    windows = b"\xef\xbb\xbf" + KEYWORDS.replace("\n", "\r\n").encode()
    keywords(folder).write_bytes(windows)
    assert command(folder, "add", "scales", "--group", "words", "--yes") == 0
    new = b'  "noise",\r\n  "scales",\r\n'
    assert keywords(folder).read_bytes() == windows.replace(b'  "noise",\r\n', new)


def test_topics_in_a_file_of_their_own_are_edited_there(folder: Path) -> None:
    other = folder / "config" / "topics" / "robots.toml"
    other.parent.mkdir()
    other.write_text('[[topic]]\nname = "robots"\n[[topic.group]]\nkeywords = ["arm"]\n')
    assert command(folder, "add", "hand", "--group", "group 1", "--yes") == 0
    assert '["arm", "hand"]' in other.read_text()
    assert keywords(folder).read_text() == KEYWORDS


KILLED = """
import os, signal, sys
from pathlib import Path
from digest.keywords.editing.drafts import Draft, save

file = Path(sys.argv[1])
draft = Draft(file, file.read_bytes(), b"new", None)
contents = []
while True:
    process = os.fork()
    if not process:
        lines = 0
        def count(frame, event, argument):
            global lines
            if event == "line" and "digest" in frame.f_code.co_filename:
                lines += 1
                if lines > len(contents):
                    os.kill(os.getpid(), signal.SIGKILL)
            return count
        sys.settrace(count)
        save(draft)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    contents.append(file.read_bytes())
    file.write_bytes(draft.old)
    if not status:
        break
print(len(contents), sorted({one.decode() for one in contents}))
"""


def test_killed_at_any_line_of_saving_the_file_is_the_old_or_the_new(tmp_path: Path) -> None:
    (tmp_path / "keywords.toml").write_bytes(b"old")
    killed = [sys.executable, "-c", KILLED, str(tmp_path / "keywords.toml")]
    told = subprocess.run(killed, capture_output=True, text=True, check=True).stdout
    times, contents = told.split(" ", 1)
    assert int(times) > 20
    assert contents == "['new', 'old']\n"


def test_an_edit_is_validated_together_with_the_other_files(folder: Path) -> None:
    edit, draft = editing(folder).edited(
        lambda edits: edits.add(Keyword("scales", whole_word=True), "words")
    )
    assert edit.file == keywords(folder)
    assert draft.config.topics[0].groups[0].keywords[-1] == Keyword("scales", True, None)
    assert keywords(folder).read_text() == KEYWORDS
