"""`digest install` as a person types it, with a crontab of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command import digest
from crontab import CronTab

from digest.cli import exit_code
from digest.config.workspace import create
from digest.model.errors import UsageError
from digest.runs.install.cron import Crontab
from digest.runs.install.job import Job
from digest.runs.install.times import Time

#: A `crontab` that keeps its table in $TABLE, with the words of the usual one.
PROGRAM = """#!/bin/sh
case "$1" in
-l) if [ -e "$TABLE" ]; then cat "$TABLE"; else echo "no crontab for you" >&2; exit 1; fi ;;
-) if [ -e "$TABLE.full" ]; then echo "disk full" >&2; exit 1; fi; cat >"$TABLE" ;;
esac
"""

OTHERS = b"# mine, \xff\nMAILTO=me\n0 * * * * true\n"


class Machine:
    """A home, a workspace and a crontab."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.table = folder / "table"
        self.workspace = folder / "my papers"
        self.home = folder / "home"
        self.variables = {
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "TABLE": str(self.table),
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": "",
        }
        self._capsys = capsys
        self.home.mkdir()
        program = folder / "bin/crontab"
        program.parent.mkdir()
        program.write_text(PROGRAM)
        program.chmod(0o700)
        create(self.workspace)

    def install(self, *arguments: str) -> tuple[int, str, str]:
        """The exit code, the results and the messages."""
        code = exit_code(["-C", str(self.workspace), "install", *arguments])
        results, messages = self._capsys.readouterr()
        return code, results, messages


@pytest.fixture
def machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Machine:
    machine = Machine(tmp_path, capsys)
    for name in [name for name in os.environ if name.startswith("DIGEST_")]:
        monkeypatch.delenv(name)
    for name, value in machine.variables.items():
        monkeypatch.setenv(name, value)
    return machine


def test_cron_is_written_into_the_crontab_beside_the_others(machine: Machine) -> None:
    code, printed, messages = machine.install("cron")
    assert (code, messages) == (0, "")
    assert not machine.table.exists()
    machine.table.write_bytes(OTHERS)
    assert machine.install("cron", "--write") == (0, "written: the crontab\n", "")
    assert machine.table.read_bytes() == OTHERS + printed.encode()
    assert machine.install("cron", "--write") == (0, "unchanged: the crontab\n", "")


def test_cron_has_the_times_by_the_clock_of_the_machine(machine: Machine) -> None:
    printed = digest("install", "cron", folder=machine.workspace, TZ="Europe/Berlin")
    (line,) = CronTab(tab=printed.stdout)
    assert str(line.slices).split()[1:] == ["7,19", "*", "*", "1-5"]  # 6 and 18 in UTC


def test_the_first_crontab_is_made_and_a_refusal_of_cron_is_told(machine: Machine) -> None:
    machine.table.with_name("table.full").touch()
    code, _, messages = machine.install("cron", "--write")
    assert code == 1
    assert "the command crontab failed: disk full" in messages
    assert not machine.table.exists()
    machine.table.with_name("table.full").unlink()
    assert machine.install("cron", "--write")[0] == 0
    assert machine.table.read_text() == machine.install("cron")[1]


def test_a_crontab_that_cannot_be_read_is_not_replaced(machine: Machine) -> None:
    machine.table.mkdir()
    code, _, messages = machine.install("cron", "--write")
    assert code == 1
    assert "the command crontab failed: cat: " in messages


def test_a_machine_without_cron_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(machine.home))
    code, _, messages = machine.install("cron", "--write")
    assert code == 1
    assert "the command crontab cannot be started" in messages


def test_systemd_and_launchd_are_written_into_the_users_folders(machine: Machine) -> None:
    code, _, messages = machine.install("systemd", "--write")
    assert code == 0
    units = machine.home / ".config/systemd/user"
    names = sorted(path.name for path in units.iterdir())
    assert [Path(name).suffix for name in names] == [".service", ".timer"]
    assert f"systemctl --user enable --now {names[1]}\n" in messages
    assert "systemctl --user daemon-reload\n" in messages
    assert machine.install("launchd", "--write")[0] == 0
    (agent,) = (machine.home / "Library/LaunchAgents").iterdir()
    assert machine.install("launchd")[1] == agent.read_text()


def crontab(minute: int, name: str = "arxiv-digest-w-1") -> Crontab:
    times = frozenset((Time(0, 6, minute),))
    return Crontab(Job(name, Path("/w"), ("/opt/digest",), {}, times, "UTC"))


def test_an_earlier_entry_of_the_workspace_is_replaced_where_it_stands() -> None:
    first = crontab(7).placed("A=1\n") + "B=2\n"
    other = crontab(8, "arxiv-digest-w-2").placed(first)
    assert crontab(9).placed(other) == other.replace("\n7 6 ", "\n9 6 ")
    assert crontab(7).placed(other) == other


def test_a_last_line_without_an_end_gets_one() -> None:
    assert crontab(7).placed("A=1") == f"A=1\n{crontab(7).text}\n"
    assert crontab(7).placed("") == f"{crontab(7).text}\n"


@pytest.mark.parametrize("missing", [0, -1])
def test_an_entry_without_one_of_its_comments_is_left_alone(missing: int) -> None:
    lines = crontab(7).text.split("\n")
    del lines[missing]
    with pytest.raises(UsageError, match="one of these lines without the other"):
        crontab(8).placed("\n".join(lines) + "\n0 * * * * true\n")
