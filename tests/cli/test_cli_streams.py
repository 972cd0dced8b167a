"""Who reads what a command prints, or cannot, changes nothing about what it does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import environment
from keyword_days import FIVE_DAYS, papers, topics

from digest.app.world import real_world
from digest.archive import Archive
from digest.config.workspace import create
from digest.simulator import Corpus, Simulator, serve

DAY = str(FIVE_DAYS[1])

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """An arXiv with a paper on each of three past days."""
    corpus = Corpus.of(papers(FIVE_DAYS[:3], "A sparse text."))
    with serve(Simulator(corpus, now=real_world().now)) as server:
        yield server.url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create(tmp_path)
    (tmp_path / "config/keywords.toml").write_text(topics(["sparse"]), encoding="utf-8")
    return tmp_path


def ended(
    folder: Path, redirections: str, *arguments: str, url: str = "http://127.0.0.1:1"
) -> subprocess.CompletedProcess[bytes]:
    """A command as a shell starts it; 9 is a pipe whose reader has gone."""
    reader, pipe = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            (
                *("/bin/sh", "-c", f'exec 9>&0 </dev/null; exec "$@" {redirections}', "sh"),
                *(sys.executable, "-m", "digest", "-C", str(folder), *arguments),
            ),
            env=environment(
                DIGEST_ARXIV__API_URL=url,
                DIGEST_ARXIV__DELAY_SECONDS="0",
                XDG_CACHE_HOME=str(folder / "cache"),
            ),
            stdin=pipe,
            capture_output=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(pipe)


@pytest.mark.parametrize("redirections", [">&9 2>/dev/full", ">/dev/full 2>&-"])
def test_a_run_ends_by_what_it_did_whoever_reads_of_it(
    folder: Path, redirections: str, url: str
) -> None:
    result = ended(folder, redirections, "backfill", DAY, DAY, url=url)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert (folder / f"output/{DAY}.md").read_bytes().count(b"/sparse-") == 1
    with Archive(folder / "output/.archive.sqlite3") as archive:
        (run,) = archive.runs.latest()
    assert run.outcome == "done"


@pytest.mark.parametrize(
    ("command", "redirections"),
    [("keywords list", ">&9"), ("status", ">&9 2>&1"), ("status", "<&- >&- 2>&-")],
)
def test_a_reader_who_has_gone_is_no_failure(folder: Path, command: str, redirections: str) -> None:
    result = ended(folder, redirections, *command.split())
    assert (result.returncode, result.stderr) == (0, b"")


#: Is interrupted when a line has just been written, and goes on.
INTERRUPTED = """
import sys
from digest.cli.streams import open_streams

open_streams()
outlet = type(sys.stderr.buffer)
write = outlet.write

def interrupted(self, data, /):
    outlet.write = write
    write(self, data)
    raise KeyboardInterrupt

outlet.write = interrupted
try:
    print("first", file=sys.stderr)
except KeyboardInterrupt:
    print("second", file=sys.stderr)
"""


def test_no_line_is_written_twice_where_a_signal_comes_behind_it() -> None:
    command = (sys.executable, "-c", INTERRUPTED)
    result = subprocess.run(command, env=environment(), capture_output=True, check=True)
    assert result.stderr == b"first\nsecond\n"


#: Writes more than a pipe holds to one that does not wait, and reads only while it is waited for.
HURRIED = """
import os
import sys
from digest.cli import streams

reader, pipe = os.pipe()
os.dup2(pipe, 1)
os.set_blocking(1, False)
came = []
streams.select = lambda *_: came.append(os.read(reader, 50_000))
streams.open_streams()
print("x" * 300_000)
os.set_blocking(reader, False)
print(len(b"".join(came)) + len(os.read(reader, 400_000)), len(came), file=sys.stderr)
"""


def test_a_pipe_that_does_not_wait_is_waited_for() -> None:
    command = (sys.executable, "-c", HURRIED)
    result = subprocess.run(command, env=environment(), capture_output=True, check=True, timeout=60)
    length, waits = map(int, result.stderr.split())
    assert length == 300_001
    assert waits > 2


@pytest.mark.parametrize("command", ["status", "keywords list"])
def test_a_full_disk_under_what_was_asked_for_is_one(folder: Path, command: str) -> None:
    result = ended(folder, ">/dev/full", *command.split())
    assert result.returncode == 1
    assert result.stderr == b"Error: the output cannot be written: No space left on device\n"
