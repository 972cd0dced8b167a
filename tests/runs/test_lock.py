"""One run at a time: who waits, who is named, and what a dead process leaves behind."""

from __future__ import annotations

import json
import os
import platform
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command import running
from filelock import FileLock

from digest.cli import exit_code
from digest.config.workspace import create
from digest.model.errors import LockHeld, WriteError
from digest.model.reports import NO_WAIT, Wait
from digest.runs.lock import LEASE_SECONDS, Holder, is_held, only_run

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HERE = Holder.this("run", NOON)
GONE = "an unnamed process"


class Pauses:
    """A pause that takes no time; in the `free`th one the workspace gets free."""

    def __init__(self, free: int = 0, then: Callable[[], object] = lambda: None) -> None:
        self.made: list[float] = []
        self._free = free
        self._then = then

    def __call__(self, seconds: float) -> None:
        self.made.append(seconds)
        if len(self.made) == self._free:
            self._then()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "output" / "archive.sqlite3"


def take(archive: Path, pauses: Pauses, wait: Wait = NO_WAIT) -> None:
    with only_run(archive, HERE, wait=wait, sleep=pauses):
        pass


@contextmanager
def held(archive: Path, holder: Holder | str | None = None) -> Iterator[None]:
    """The lock as another process holds it, with what it wrote of itself."""
    archive.parent.mkdir(exist_ok=True)
    if holder is not None:
        text = holder if isinstance(holder, str) else written(holder)
        (archive.parent / f"{archive.name}.holder").write_text(text, encoding="utf-8")
    with FileLock(archive.parent / f"{archive.name}.lock"):
        yield


def written(holder: Holder) -> str:
    return json.dumps(
        {
            "process": holder.process,
            "host": holder.host,
            "command": holder.command,
            "since": holder.since.isoformat(),
        }
    )


def test_the_second_is_told_who_holds_the_lock_on_which_host_with_what_and_since_when(
    archive: Path,
) -> None:
    with only_run(archive, HERE, wait=NO_WAIT, sleep=Pauses()):
        assert is_held(archive)
        with pytest.raises(LockHeld) as refused:
            take(archive, Pauses())
    assert refused.value.exit_code == 4
    assert refused.value.message == (
        f"another run is using this workspace: process {os.getpid()} on {platform.node()} "
        "(digest run), since 2026-03-10 12:00 UTC"
    )
    assert not is_held(archive)
    take(archive, Pauses())


def test_who_does_not_want_to_wait_pauses_for_an_instant_only(archive: Path) -> None:
    pauses = Pauses()
    with held(archive), pytest.raises(LockHeld):
        take(archive, pauses)
    assert sum(pauses.made) <= 0.1


@pytest.mark.parametrize("seconds", [1, 5, 600])
def test_who_waits_does_so_for_as_long_as_was_said_and_says_so_once(
    seconds: int, archive: Path
) -> None:
    told: list[tuple[float, str]] = []
    pauses = Pauses()
    with held(archive, Holder(7, "elsewhere", "backfill", NOON)), pytest.raises(LockHeld):
        take(archive, pauses, Wait(seconds, lambda *what: told.append(what)))
    assert sum(pauses.made) == pytest.approx(seconds)
    assert max(pauses.made) <= 1
    ((longest, why),) = told
    assert seconds - 1 < longest <= seconds
    assert why.endswith("process 7 on elsewhere (digest backfill), since 2026-03-10 12:00 UTC")


def test_who_waits_goes_on_when_the_other_is_done(archive: Path) -> None:
    with ExitStack() as other:
        other.enter_context(held(archive))
        pauses = Pauses(3, other.close)
        take(archive, pauses, Wait(60))
    assert len(pauses.made) == 3


@pytest.mark.parametrize(
    ("left", "named"),
    [
        (Holder(2**22 + 1, platform.node(), "run", NOON), GONE),
        (Holder(0, platform.node(), "run", NOON), GONE),
        (Holder(10**30, platform.node(), "run", NOON), GONE),
        (Holder(os.getppid(), platform.node(), "run", NOON), f"process {os.getppid()} on"),
        (Holder(2**22 + 1, "elsewhere", "run", NOON), f"process {2**22 + 1} on elsewhere"),
        ("", GONE),
        ("[]", GONE),
        ('{"process": "x", "host": "", "command": "", "since": ""}', GONE),
        ('{"process": 1, "host": "", "command": "", "since": 5}', GONE),
        ("process 7, since 2026-03-10", GONE),
        ("\udcff", GONE),
    ],
)
def test_who_holds_the_lock_is_only_told_if_it_can_be_true(
    left: Holder | str, named: str, archive: Path
) -> None:
    text = left if isinstance(left, str) else written(left)
    archive.parent.mkdir()
    (archive.parent / f"{archive.name}.holder").write_bytes(text.encode(errors="surrogateescape"))
    with held(archive), pytest.raises(LockHeld, match=named):
        take(archive, Pauses())


@pytest.mark.parametrize(
    "left",
    [
        written(Holder(os.getppid(), platform.node(), "run", NOON)),
        written(Holder(os.getppid(), "elsewhere", "run", datetime(2999, 1, 1, tzinfo=UTC))),
        "no JSON",
    ],
)
def test_files_that_came_along_with_a_copied_folder_block_nobody(left: str, archive: Path) -> None:
    archive.parent.mkdir()
    (archive.parent / f"{archive.name}.holder").write_text(left, encoding="utf-8")
    (archive.parent / f"{archive.name}.lock").write_text(left, encoding="utf-8")
    assert not is_held(archive)
    pauses = Pauses()
    take(archive, pauses)
    assert pauses.made == []


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=r"cannot lock the workspace: .*file"):
        take(tmp_path / "file" / "archive.sqlite3", Pauses())
    (tmp_path / "archive.holder").mkdir()
    with pytest.raises(WriteError, match=r"archive\.holder"):
        take(tmp_path / "archive", Pauses())
    assert not is_held(tmp_path / "archive")


def test_what_goes_wrong_inside_is_not_taken_for_trouble_with_the_lock(archive: Path) -> None:
    with (
        pytest.raises(OSError, match="disk"),
        only_run(archive, HERE, wait=NO_WAIT, sleep=Pauses()),
    ):
        raise OSError("disk")
    assert not is_held(archive)


#: Takes a lock on a file system that has no flock, says so, and goes on as it is told.
WITHOUT_FLOCK = """
import errno, fcntl, sys, time
from datetime import UTC, datetime
from pathlib import Path

def flock(*_):
    raise OSError(errno.ENOLCK, "not here")

fcntl.flock = flock
from digest.runs import lock
from digest.model.reports import NO_WAIT

lock.LEASE_SECONDS = 0.6
holder = lock.Holder(lock.os.getpid(), sys.argv[2], "run", datetime(2026, 3, 10, tzinfo=UTC))
with lock.only_run(Path(sys.argv[1]), holder, wait=NO_WAIT, sleep=time.sleep):
    print("held", flush=True)
    sys.stdin.read()
"""


def leasing(archive: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        (sys.executable, "-c", WITHOUT_FLOCK, str(archive), "a host"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_without_flock_a_lease_keeps_two_runs_apart_and_is_taken_over_if_nobody_renews_it(
    archive: Path,
) -> None:
    assert LEASE_SECONDS > 5
    with leasing(archive) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with leasing(archive) as second:
            _, told = second.communicate(timeout=30)
        assert "LockHeld: another run is using this workspace: process" in told
        first.kill()
    # As another host leaves it, where nobody here can tell that its process is gone.
    marker = archive.parent / f"{archive.name}.lease"
    text = marker.read_text(encoding="utf-8")
    assert platform.node() in text
    marker.write_text(text.replace(platform.node(), "a-host-that-is-gone"), encoding="utf-8")
    with leasing(archive) as third:
        assert third.communicate(timeout=30)[0] == "held\n"


# Real processes.


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path)
    return tmp_path


@contextmanager
def at_work(folder: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A real run that waits for an answer, and the environment for others like it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        variables = {
            "DIGEST_ARXIV__API_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/api/query",
            "DIGEST_ARXIV__DELAY_SECONDS": "0",
            "DIGEST_ARXIV__ATTEMPTS": "1",
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        with running("run", folder=folder, **variables) as process:
            silent.settimeout(30)
            connection, _ = silent.accept()
            yield process, variables
            connection.close()


def runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What `digest log` tells."""
    assert exit_code(["-C", str(folder), "log", "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["runs"]
    return found


def test_a_killed_run_frees_the_lock_for_who_waits(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        at_work(workspace) as (first, variables),
        running("rebuild", "--wait", "60", folder=workspace, **variables) as second,
    ):
        assert second.stderr is not None
        told = second.stderr.readline()
        assert told.startswith("Waiting for up to 60 s: another run is using this workspace: ")
        assert f"process {first.pid} on {platform.node()} (digest run), since" in told
        first.send_signal(signal.SIGKILL)
        assert second.wait(timeout=60) == 0
    last, killed = runs(workspace, capsys)
    assert (last["command"], last["outcome"]) == ("rebuild", "done")
    assert (killed["command"], killed["outcome"], killed["ended"]) == ("run", "broken off", None)


def test_sigterm_is_a_clean_stop(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with at_work(workspace) as (process, _):
        assert [run["outcome"] for run in runs(workspace, capsys)] == ["running"]
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 143
    assert told.endswith("Stopped. Nothing is lost: run the same command again to continue.\n")
    assert "Traceback" not in told
    (run,) = runs(workspace, capsys)
    assert (run["outcome"], run["problem"]) == ("stopped", "")
    assert run["ended"] is not None
    left = {path.name for path in (workspace / "output").iterdir()}
    assert left == {".archive.sqlite3", ".archive.sqlite3.lock"}
