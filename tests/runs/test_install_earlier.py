"""Entries that version 0.1.0 installed, under the program's former name, are found and replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from entries import COMMIT, made

from digest.runs.install.cron import Crontab
from digest.runs.install.files import OwnFiles
from digest.runs.install.job import Job, name_of
from digest.runs.install.launchd import agent
from digest.runs.install.systemd import units
from digest.runs.install.times import Time

#: What 0.1.0 wrote for the workspace /home/you/papers, or `papers` in a repository; no byte edited.
EARLIER = Path(__file__).with_name("entries-0.1.0")

WORKSPACE = Path("/home/you/papers")
NOW = Job(
    name_of(WORKSPACE),
    WORKSPACE,
    ("/opt/new/digest",),
    {},
    frozenset(Time(day, hour, 27) for day in range(5) for hour in (6, 18)),
    "UTC",
)


def test_an_earlier_entry_of_cron_is_replaced_where_it_stands() -> None:
    crontab = (EARLIER / "crontab").read_text()

    assert Crontab(NOW).placed(crontab) == crontab.replace("/opt/digest", "/opt/new/digest")


@pytest.mark.parametrize("make", [units, agent], ids=["systemd", "launchd"])
def test_earlier_files_of_the_user_are_replaced_under_their_names(
    tmp_path: Path, make: Callable[[Job, Path], OwnFiles]
) -> None:
    own = make(NOW, tmp_path)
    for path, _ in own.files:
        path.write_bytes((EARLIER / path.name).read_bytes())

    done = own.write()

    assert done[0] == f"written: {own.files[0][0]}"
    assert "/opt/new/digest" in own.files[0][0].read_text()
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path, _ in own.files}


def test_an_earlier_workflow_is_replaced_and_keeps_the_cache_of_the_archive(
    tmp_path: Path,
) -> None:
    (tmp_path / ".git").mkdir()
    file = tmp_path / ".github/workflows/digest.yml"
    file.parent.mkdir(parents=True)
    earlier = (EARLIER / "digest.yml").read_text()
    file.write_text(earlier)

    made("github-actions", tmp_path / "papers").write()

    text = file.read_text()
    assert f'"arxiv-daily-digest @ git+https://example.org/digest.git@{COMMIT}"' in text
    (key,) = {line for line in earlier.splitlines() if "restore-keys:" in line}
    assert key in text.splitlines()
