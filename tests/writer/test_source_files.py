"""The two source files come out of a real run over HTTP, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.config.workspace import create
from digest.simulator import Corpus, Simulator, serve
from digest.writer.format.read import read_back

FOLDER = os.environ.get("DIGEST_SOURCE_FILES")
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="DIGEST_SOURCE_FILES does not name the folder of the two source files"
)


@pytest.mark.parametrize(
    ("day", "since", "not_yet_a_keyword"),
    [("2025-11-28", "2025-11-25", '  "disaggregation",\n'), ("2025-12-31", "2025-12-28", None)],
)
def test_a_source_file_comes_back_from_its_papers(
    tmp_path: Path, day: str, since: str, not_yet_a_keyword: str | None
) -> None:
    source = (Path(FOLDER or "") / f"{day}.md").read_bytes()
    create(tmp_path)
    if not_yet_a_keyword:
        keywords = tmp_path / "config/keywords.toml"
        text = keywords.read_text(encoding="utf-8")
        assert text.count(not_yet_a_keyword) == 1
        keywords.write_text(text.replace(not_yet_a_keyword, ""), encoding="utf-8")
    arxiv = Simulator(Corpus.from_digests([read_back(source)]), now=lambda: datetime.now(UTC))

    with serve(arxiv) as server:
        run = digest(tmp_path, server.url, "run", "--date", day, "--since", since)

    # The ids between those of the digest's papers cannot be had, and the command says so.
    assert run.returncode == 3, run.stderr
    assert (tmp_path / f"output/{day}.md").read_bytes() == source
    assert digest(tmp_path, "", "check", f"{tmp_path}/output/{day}.md").returncode == 0


@pytest.mark.parametrize("day", ["2025-11-28", "2025-12-31"])
def test_check_accepts_a_source_file_and_names_what_is_wrong_with_a_damaged_one(
    tmp_path: Path, day: str
) -> None:
    create(tmp_path)
    source = Path(FOLDER or "") / f"{day}.md"
    lines = source.read_bytes().split(b"\n")
    number = lines.index(b"# Table of Contents") + 3
    damaged = tmp_path / "damaged.md"
    damaged.write_bytes(b"\n".join([*lines[:number], lines[number][:-3], *lines[number + 1 :]]))

    assert digest(tmp_path, "", "check", str(source)).returncode == 0
    checked = digest(tmp_path, "", "check", str(damaged))

    assert checked.returncode == 1
    assert f"line {number + 1}" in checked.stdout


def digest(workspace: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, in a process of its own with nothing in its environment but what it needs."""
    environ = {"HOME": str(workspace), "DIGEST_ARXIV__DELAY_SECONDS": "0.0"}
    if url:
        environ["DIGEST_ARXIV__API_URL"] = url
    else:
        del environ["DIGEST_ARXIV__DELAY_SECONDS"]
    return subprocess.run(
        [sys.executable, "-m", "digest", "-C", str(workspace), *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
