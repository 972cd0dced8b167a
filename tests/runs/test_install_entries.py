"""What `digest install` prints, read by parsers of its kind."""

from __future__ import annotations

import os
import plistlib
import re
import shutil
import string
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from crontab import CronTab
from entries import FROM_GIT, HOSTILE, made
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.config import load
from digest.config.workspace import create
from digest.model.errors import UsageError
from digest.runs.install import entry
from digest.runs.install.cron import Crontab
from digest.runs.install.files import OwnFiles, is_sealed, sealed
from digest.runs.install.job import Job
from digest.runs.install.launchd import agent
from digest.runs.install.systemd import units
from digest.runs.install.times import Time

#: Names of folders: anything but what entries refuse.
NAMES = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn"], exclude_characters="/")
    | st.sampled_from("\\%$\"'` {}"),
    min_size=1,
    max_size=40,
).filter(lambda name: name not in (".", ".."))

SYSTEMD = shutil.which("systemd-analyze") or ""
CRONTAB = shutil.which("crontab") or ""

#: Prints its arguments and one variable, each with an end that no word has.
FAKE = """#!/bin/sh
printf '%s\\0' "$@" "$HTTPS_PROXY"
"""


def job(workspace: Path, program: str = "/bin/true", **environment: str) -> Job:
    times = frozenset((Time(0, 6, 44), Time(4, 6, 44)))
    return Job("arxiv-digest-w-1", workspace, (program,), environment, times, "Europe/Berlin")


def words(workspace: Path) -> list[str]:
    return ["-C", str(workspace), "run", "--wait", "3600"]


def debian(line: str) -> str:
    r"""A crontab's command as Debian's cron reads it: `\%` and `\\` lose a backslash."""
    return _unescaped(line, r"\\([%\\])|\\.|(%)")


def cronie(line: str) -> str:
    r"""The same as cronie and others read it: only `\%` does."""
    return _unescaped(line, r"\\(%)|\\.|(%)")


def _unescaped(line: str, pattern: str) -> str:
    command = line.split(maxsplit=5)[5]

    def plain(match: re.Match[str]) -> str:
        assert match[2] is None, "an unescaped percent sign ends the command"
        return match[1] or match[0]

    return re.sub(pattern, plain, command)


@pytest.mark.parametrize("cron", [debian, cronie])
@given(NAMES, NAMES)
@example(HOSTILE, HOSTILE)
@example("a\\", "%\\")
@settings(max_examples=25)
def test_cron_and_the_shell_give_the_program_its_words(
    cron: Callable[[str], str], name: str, proxy: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder, name)
        workspace.mkdir(exist_ok=True)
        program = workspace / f"digest {name[:20]}"
        program.write_text(FAKE)
        program.chmod(0o700)
        text = Crontab(job(workspace, str(program), HTTPS_PROXY=proxy)).text
        _, line, _ = text.split("\n")
        assert line.startswith("44 6 * * 1,5 ")
        subprocess.run(["/bin/sh", "-c", cron(line)], check=True)
        log = (workspace / "run.log").read_bytes().decode().split("\0")
        assert log == [*words(workspace), proxy, ""]


def test_a_cron_library_reads_the_line(tmp_path: Path) -> None:
    entries = list(CronTab(tab=Crontab(job(tmp_path / HOSTILE)).text + "\n"))
    assert [str(each.slices) for each in entries] == ["44 6 * * 1,5"]
    assert entries[0].is_valid()
    assert entries[0].is_enabled()


@pytest.mark.skipif(not CRONTAB, reason="cron is not there")
def test_cron_itself_accepts_the_line(tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.write_text(Crontab(job(tmp_path / HOSTILE)).text + "\n")
    for check in ("-T", "-n"):  # cronie's word for it, and Debian's
        tried = subprocess.run(
            [CRONTAB, check, str(table)], capture_output=True, text=True, check=False
        )
        if "usage" not in tried.stderr:
            assert tried.returncode == 0, tried.stderr
            return
    pytest.skip("this cron checks nothing")


@given(NAMES, NAMES)
@example(HOSTILE, HOSTILE)
def test_systemd_gives_the_program_its_words(name: str, proxy: str) -> None:
    workspace = Path("/home/you", name)
    (_, service), (_, timer) = units(job(workspace, "/o p/%t", HTTPS_PROXY=proxy), Path("/u")).files
    section = unit(service)["Service"]
    command = section["ExecStart"][0]
    assert command.startswith(":"), "systemd would expand variables"
    assert split(command[1:]) == ["/o p/%t", *words(workspace)]
    assert split(section["Environment"][0]) == [f"HTTPS_PROXY={proxy}"]
    assert section["StandardOutput"] == section["StandardError"]
    assert percent(section["StandardOutput"][0]) == f"append:{workspace}/run.log"
    assert unit(timer)["Timer"] == {
        "OnCalendar": ["Mon,Fri *-*-* 06:44:00 Europe/Berlin"],
        "Persistent": ["true"],
    }


def unit(text: str) -> dict[str, dict[str, list[str]]]:
    """A unit file by systemd.syntax(7), strictly: no line that goes on, nothing unknown."""
    sections: dict[str, dict[str, list[str]]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        assert not line.endswith("\\"), "the next line would belong to it"
        if line.startswith("["):
            section = sections.setdefault(line[1:-1], {})
            continue
        key, equals, value = line.partition("=")
        assert equals and re.fullmatch("[A-Za-z]+", key)
        section.setdefault(key, []).append(value)
    return sections


def split(value: str) -> list[str]:
    """The words of a value as systemd.service(5) reads them, with its specifiers."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"(?: |$)|([^\s"\'\\]+)(?: |$)', value)
    assert " ".join(f'"{quoted}"' if quoted or not bare else bare for quoted, bare in found) == (
        value.strip()
    )
    return [percent(re.sub(r'\\([\\"])', r"\1", quoted) or bare) for quoted, bare in found]


def percent(text: str) -> str:
    """A text without specifiers."""
    assert "%" not in text.replace("%%", "")
    return text.replace("%%", "%")


@pytest.mark.skipif(not SYSTEMD, reason="systemd is not there")
@pytest.mark.parametrize("name", ["papers", HOSTILE])
def test_systemd_itself_accepts_the_units(tmp_path: Path, name: str) -> None:
    made_units = units(job(tmp_path / name, HTTPS_PROXY=HOSTILE), tmp_path / "units")
    made_units.write()
    verified = subprocess.run(
        [SYSTEMD, "verify", "--user", "--man=no", *(str(p) for p, _ in made_units.files)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


@pytest.mark.parametrize("program", ['/a"b', "/a'b", "/a\\b"])
def test_a_program_that_systemd_cannot_start_is_refused(program: str) -> None:
    with pytest.raises(UsageError, match="quotes or backslashes"):
        units(job(Path("/w"), program), Path("/u"))


@given(NAMES, NAMES)
@example("--", "-->")
def test_launchd_reads_the_agent(name: str, proxy: str) -> None:
    workspace = Path("/home/you", name)
    ((path, text),) = agent(job(workspace, HTTPS_PROXY=proxy), Path("/agents")).files
    fields = plistlib.loads(sealed(text).encode())
    assert path == Path("/agents", f"{fields['Label']}.plist")
    assert fields["ProgramArguments"] == ["/bin/true", *words(workspace)]
    assert fields["EnvironmentVariables"] == {"HTTPS_PROXY": proxy}
    assert fields["StandardOutPath"] == fields["StandardErrorPath"] == f"{workspace}/run.log"
    assert fields["StartCalendarInterval"] == [
        {"Weekday": 1, "Hour": 6, "Minute": 44},
        {"Weekday": 5, "Hour": 6, "Minute": 44},
    ]


@pytest.mark.parametrize("name", ["a\nb", "a\x1bb", "a\u2028b", "a\u202eb"])
def test_a_path_that_entries_cannot_hold_is_refused(tmp_path: Path, name: str) -> None:
    for kind in ("cron", "systemd", "launchd", "github-actions"):
        workspace = tmp_path / kind / name
        with pytest.raises(UsageError, match="control characters"):
            made(kind, workspace)


def test_the_schedule_is_that_of_the_configuration(tmp_path: Path) -> None:
    create(tmp_path / "w")
    config = load(
        tmp_path / "w",
        {"DIGEST_SCHEDULE__CRON": "5 1 * * 1-5", "DIGEST_SCHEDULE__TIMEZONE": "UTC"},
    )
    found, notes = entry("systemd", tmp_path / "w", config, {}, ("/opt/digest",), FROM_GIT)
    assert "\nOnCalendar=Mon..Fri *-*-* 01,13:05:00 UTC\n" in found.text
    assert len(notes) == 1
    assert notes[0].startswith("01:05 UTC is within the hours after 20:00 New York")


def test_of_the_environment_only_what_is_needed_and_no_password_is_taken(tmp_path: Path) -> None:
    create(tmp_path)
    environ = {
        "XDG_CACHE_HOME": "/cache",
        "HTTPS_PROXY": "http://me:pass@proxy",
        "DIGEST_ARXIV__CONTACT": "me",
        "DIGEST_SEND__PASSWORD": "hunter2",
        "SECRET": "s",
    }
    found, notes = entry("cron", tmp_path, load(tmp_path, {}), environ, ("/opt/digest",), FROM_GIT)
    assert " XDG_CACHE_HOME=/cache /opt/digest -C " in found.text
    told = "\n".join(notes)
    assert "HTTPS_PROXY" in told and "DIGEST_ARXIV__CONTACT" in told
    assert "DIGEST_SEND__PASSWORD is left out: put it into the file that [send]" in told
    assert "hunter2" not in told + found.text
    assert "pass" not in found.text + told.replace("password", "")


@given(st.text(string.printable), st.text(string.printable, min_size=1), st.integers(0))
def test_a_seal_breaks_with_any_change(text: str, added: str, where: int) -> None:
    text = sealed(f"# Made by `digest install cron`, seal {'0' * 16}\n{text}")
    assert is_sealed(text)
    place = where % (len(text) + 1)
    changed = text[:place] + added + text[place:]
    assert not is_sealed(changed)


def test_files_of_others_and_files_changed_by_hand_are_left_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "a/first", tmp_path / "a/second"
    text = f"# Made by `digest install cron`, seal {'0' * 16}\none\n"
    own = OwnFiles([(first, text), (second, text)], "")
    second.parent.mkdir()
    second.write_text("mine")
    with pytest.raises(UsageError, match="second: exists, and was not written"):
        own.write()
    assert not first.exists()
    second.unlink()
    assert own.write() == [f"written: {first}", f"written: {second}"]
    assert own.write() == [f"unchanged: {first}", f"unchanged: {second}"]
    newer = OwnFiles([(first, text + "two\n")], "")
    assert newer.write() == [f"written: {first}"]
    first.write_text(first.read_text() + "three\n")
    with pytest.raises(UsageError, match="first: exists, and was not written"):
        own.write()
    first.write_bytes(b"\xff")
    with pytest.raises(UsageError, match="first: exists, and was not written"):
        own.write()
