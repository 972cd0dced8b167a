"""A newcomer's first day: init, simulate, run, status, check, as processes over real HTTP."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from command import digest, running
from filelock import FileLock
from older import RENDERER, entry

from digest.model import Digest

OLD = tuple(entry(f"2503.{number:05d}", date(2025, 3, 3)) for number in (40, 900))
THREE_LINES = '[[topic]]\n[[topic.group]]\nkeywords = ["sparse", "LLM"]\n'


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace, its one digest, and what the run that wrote it printed."""

    folder: Path
    variables: dict[str, str]
    run: subprocess.CompletedProcess[str]
    file: Path

    def digest(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return digest(*arguments, folder=self.folder, **(self.variables | variables))


def started(process: subprocess.Popen[str]) -> str:
    """The address that a simulator prints first."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("export DIGEST_ARXIV__API_URL=http://127.0.0.1:")
    return line.strip().partition("=")[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("place")
    assert digest("init", folder=folder).returncode == 0
    (folder / "config" / "digest.toml").write_text("", encoding="utf-8")
    (folder / "config" / "keywords.toml").write_text(THREE_LINES, encoding="utf-8")
    with running("simulate") as simulator:
        variables = {
            "DIGEST_ARXIV__API_URL": started(simulator),
            "DIGEST_ARXIV__DELAY_SECONDS": "0",
            "DIGEST_ARXIV__ATTEMPTS": "1",
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        run = digest("run", "--json", folder=folder, **variables)
        assert run.returncode == 0, run.stderr
        (file,) = (folder / "output").glob("2*.md")
        yield Place(folder, variables, run, file)


def test_a_first_run_writes_the_latest_day_and_reports_it_as_json(place: Place) -> None:
    (day,) = json.loads(place.run.stdout)["days"]
    assert (day["state"], day["action"]) == ("complete", "written")
    assert Path(day["path"]) == place.file
    assert place.file.name == f"{day['day']}.md"
    assert place.file.read_text(encoding="utf-8").count("\n## ") == day["kept"] > 0
    assert re.search(r"^\d{4}-\d\d-\d\d [\d:]{8} .*complete", place.run.stderr, re.MULTILINE)


def test_a_second_run_changes_nothing(place: Place) -> None:
    before = place.file.read_bytes(), place.file.stat().st_mtime_ns
    again = place.digest("run")
    assert again.returncode == 0
    assert "written" not in again.stdout
    assert (place.file.read_bytes(), place.file.stat().st_mtime_ns) == before


def test_status_tells_that_the_day_is_complete(place: Place) -> None:
    told = place.digest("status")
    assert (told.returncode, told.stderr) == (0, "")
    assert f"{place.file.stem} complete: " in told.stdout
    status = json.loads(place.digest("status", "--json").stdout)
    assert [day["day"] for day in status["days"] if day["written"]] == [place.file.stem]


def test_check_accepts_what_run_wrote(place: Place) -> None:
    told = place.digest("check", "--keywords", str(place.file))
    assert (told.returncode, told.stderr) == (0, "")
    assert "exactly in the format" in told.stdout


def test_check_names_what_is_wrong_in_each_file(place: Place) -> None:
    sound = place.file.read_text(encoding="utf-8")
    damaged = place.folder / "damaged.md"
    damaged.write_text(sound.replace("\n>Authors: ", "\n>Author: ", 1), encoding="utf-8")
    line = sound.partition("\n>Authors: ")[0].count("\n") + 2
    told = place.digest("check", "--json", str(place.file), str(damaged))
    assert told.returncode == 1
    good, bad = json.loads(told.stdout)["files"]
    assert good["problem"] == ""
    assert re.search(rf"\b{line}: ", bad["problem"])


def test_an_arxiv_that_cannot_be_reached_is_named_and_exits_with_3(place: Place) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, and not listening: every connection is refused
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/api/query"
        told = place.digest(
            "run", DIGEST_ARXIV__API_URL=url, DIGEST_DIGEST__ARCHIVE="output/other.sqlite3"
        )
    assert told.returncode == 3
    assert "\n1 request, 0 papers received.\nError: " in told.stderr
    assert "Traceback" not in told.stderr


def test_a_workspace_in_use_is_left_alone_and_exits_with_4(place: Place) -> None:
    with FileLock(place.folder / "output" / ".archive.sqlite3.lock"):
        told = place.digest("run")
    assert (told.returncode, told.stdout) == (4, "")
    assert told.stderr.startswith("Error: ")


@pytest.mark.parametrize("command", [["run"], ["backfill", "2026-03-02"]])
def test_what_is_stopped_says_that_it_can_go_on_and_exits_with_130(
    command: list[str], place: Place
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/query"
        variables = place.variables | {
            "DIGEST_ARXIV__API_URL": url,
            "DIGEST_DIGEST__ARCHIVE": "output/stopped.sqlite3",
        }
        with running(*command, folder=place.folder, **variables) as process:
            silent.settimeout(30)
            connection, _ = silent.accept()  # the run now waits for an answer
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=30)
            connection.close()
    assert process.returncode == 130
    assert told.endswith("Stopped. Nothing is lost: run the same command again to continue.\n")
    assert "Traceback" not in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_simulator_serves_a_digest_until_it_is_stopped(place: Place, number: int) -> None:
    with running("simulate", "--corpus", str(place.file)) as simulator:
        started(simulator)
        assert simulator.stderr is not None
        told = simulator.stderr.readline()
        simulator.send_signal(number)
        rest = simulator.stderr.read()
        assert simulator.wait(timeout=30) == 0
    papers = place.file.read_text(encoding="utf-8").count("\n## ")
    assert told.startswith(f"{papers} papers, from ")
    assert rest.endswith("The simulated arXiv has stopped.\n")


def test_what_the_simulator_says_of_old_papers_gives_their_digests(tmp_path: Path) -> None:
    file = tmp_path / "2025-03-04.md"
    file.write_bytes(RENDERER.render(Digest(date(2025, 3, 4), OLD)))
    assert digest("init", "w", folder=tmp_path).returncode == 0
    folder = tmp_path / "w"
    (folder / "config/keywords.toml").write_text(THREE_LINES, encoding="utf-8")
    with running("simulate", "--corpus", str(file)) as simulator:
        variables = {
            "DIGEST_ARXIV__API_URL": started(simulator),
            "DIGEST_ARXIV__DELAY_SECONDS": "0",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        assert simulator.stderr is not None
        told = [simulator.stderr.readline() for _ in range(4)]
        command = re.search(r"^  digest (backfill .*)$", "".join(told), re.MULTILINE)
        assert command
        result = digest(*command[1].split(), folder=folder, **variables)
    # An arXiv with the papers of one digest has nothing to show where its last day ends.
    assert result.returncode == 3
    written = b"".join(path.read_bytes() for path in folder.glob("output/2*.md"))
    assert written.count(b"\n## ") == len(OLD)


def test_a_port_that_is_taken_is_named(place: Place) -> None:
    port = place.variables["DIGEST_ARXIV__API_URL"].split(":")[2].split("/")[0]
    told = place.digest("simulate", "--port", port, "--corpus", str(place.file))
    assert told.returncode == 2
    assert f"port {port}" in told.stderr


@pytest.mark.parametrize(
    ("name", "text", "code", "named"),
    [
        ("c.jsonl", "", 2, "c.jsonl has no papers"),
        ("c.jsonl", '{"id": "2511.00001"}\n', 2, "c.jsonl:1"),
        ("c.md", "# A shopping list\n", 1, "c.md:1: "),
    ],
)
def test_a_corpus_that_is_none_is_named_with_its_line(
    tmp_path: Path, name: str, text: str, code: int, named: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    told = digest("simulate", "--corpus", name, folder=tmp_path)
    assert (told.returncode, told.stdout) == (code, "")
    assert told.stderr.startswith("Error: ")
    assert named in told.stderr
