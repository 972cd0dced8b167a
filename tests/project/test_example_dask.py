"""`examples/dask_rebuild.py`: the table and two worker processes give the archive's own digests."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from command import environment
from desk import Desk, morning, shown
from places import ROOT

from digest.fetcher.calendar import Calendar
from digest.simulator import Corpus

EXAMPLE = ROOT / "examples/dask_rebuild.py"
#: Three weeks from Thursday to Wednesday, over a month border, and two days more.
FIRST, LAST = date(2026, 1, 15), date(2026, 2, 6)
CORPUS = Corpus.generate(
    seed=21, first=date(2025, 11, 3), last=date(2026, 3, 31), per_day=15, revised=0.4
)
LATER = morning(date(2026, 3, 31))
TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["model", "with"]\n'
OTHER_TOPICS = """
[[topic]]
name = "first"
exclude = ["noise"]
[[topic.group]]
keywords = ["scale", { text = "limit", whole_word = true }]
[[topic]]
name = "second"
categories = ["math.*"]
[[topic.group]]
keywords = ["We"]
"""

#: The settings and the topics of workspaces, by their names.
OF_OTHER_DAYS = {
    "weekly": ('[digest]\ndays = ["wed"]\n', TOPICS),
    "clean-weekly": (
        '[digest]\ndays = ["wed", "month-end"]\nstyle = "clean"\n',
        OTHER_TOPICS,
    ),
}
REBUILT = {
    "clean": ('[digest]\nstyle = "clean"\n', OTHER_TOPICS),
    "scoped": ('[arxiv]\nscope = ["cs.*", "stat.ML"]\n', TOPICS),
    "narrow": ('[arxiv]\nscope = ["stat.ML"]\n', OTHER_TOPICS),
}


def made(folder: Path, settings: str = "", topics: str = TOPICS) -> Desk:
    """A workspace with all its digests, from an archive of its own."""
    desk = configured(folder, settings, topics)
    assert desk.backfill(FIRST, LAST, at=LATER).exit_code == 0
    return desk


def rebuilt(daily: Desk, folder: Path, settings: str, topics: str) -> Desk:
    """A copy of the daily workspace whose digests were made again by another configuration."""
    shutil.copytree(daily.folder, folder)
    desk = configured(folder, settings, topics)
    desk.now = LATER
    assert list(desk.app.rebuild(None, None, diff=False))
    return desk


def configured(folder: Path, settings: str, topics: str) -> Desk:
    desk = Desk(folder, CORPUS, topics=topics)
    (folder / "config/digest.toml").write_text(settings, encoding="utf-8")
    return desk


def rebuild(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    """Run the example to its end."""
    return subprocess.run(
        (sys.executable, EXAMPLE, *arguments, "--first", str(FIRST), "--last", str(LAST)),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def digests(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Desk]:
    folder = tmp_path_factory.mktemp("workspaces")
    daily = made(folder / "daily")
    return {
        "daily": daily,
        **{name: made(folder / name, *files) for name, files in OF_OTHER_DAYS.items()},
        **{name: rebuilt(daily, folder / name, *files) for name, files in REBUILT.items()},
    }


@pytest.fixture(scope="module")
def output(desks: dict[str, Desk], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the example made of the daily workspace's table, for all workspaces at once."""
    folder = tmp_path_factory.mktemp("dask")
    desks["daily"].app.upkeep().export(folder / "papers.parquet")
    result = rebuild(
        folder / "papers.parquet", *(desk.folder for desk in desks.values()), folder / "output"
    )
    assert (result.returncode, result.stderr) == (0, "")
    written = sum(len(list(made.iterdir())) for made in (folder / "output").iterdir())
    assert result.stdout == f"{written} digests in {folder / 'output'}\n"
    return folder / "output"


@pytest.mark.parametrize("name", ["daily", *OF_OTHER_DAYS, *REBUILT])
def test_the_digests_are_those_of_the_workspace_byte_for_byte(
    desks: dict[str, Desk], output: Path, name: str
) -> None:
    assert digests(output / name) == desks[name].files()


def test_there_was_something_to_tell_apart(desks: dict[str, Desk]) -> None:
    days = [day for day in Calendar().days(FIRST, LAST) if CORPUS.papers(day)]
    files = {name: desk.files() for name, desk in desks.items()}
    papers = {
        name: {paper for data in some.values() for paper in shown(data)}
        for name, some in files.items()
    }

    assert [*files["daily"]] == [f"{day}.md" for day in days]
    assert len(files["weekly"]) == 3
    # Papers that were revised within a week are in other versions there.
    assert papers["daily"] - papers["weekly"] and papers["weekly"] - papers["daily"]
    held = {
        f"{paper.id}v{paper.version}"
        for day in days
        for paper in CORPUS.papers(day)
        if Calendar().day_of(paper.published) != day
    }
    assert held & papers["daily"] and held & papers["weekly"]
    assert papers["scoped"] < papers["daily"]
    assert any(not shown(data) for data in files["narrow"].values())


def test_a_weekly_archive_without_its_first_versions_is_enough_for_its_own_digests(
    desks: dict[str, Desk], tmp_path: Path
) -> None:
    desk = desks["weekly"]
    desk.app.upkeep().export(tmp_path / "papers.parquet")
    assert rebuild(tmp_path / "papers.parquet", desk.folder, tmp_path).returncode == 0
    assert digests(tmp_path / "weekly") == desk.files()


def test_what_is_no_table_is_named(desks: dict[str, Desk], tmp_path: Path) -> None:
    workspace = desks["daily"].folder
    table = workspace / "config/digest.toml"
    result = rebuild(table, workspace, tmp_path / "output")
    assert result.returncode == 2
    assert result.stderr.startswith(f"cannot read the table: {table}: ")
    assert not (tmp_path / "output").exists()


def test_two_workspaces_of_one_name_are_refused(
    desks: dict[str, Desk], output: Path, tmp_path: Path
) -> None:
    shutil.copytree(desks["daily"].folder / "config", tmp_path / "daily/config")
    shutil.copytree(desks["daily"].folder / "templates", tmp_path / "daily/templates")
    result = rebuild(
        output.parent / "papers.parquet", desks["daily"].folder, tmp_path / "daily", tmp_path
    )
    assert result.returncode == 2
    assert "two workspaces have the same name" in result.stderr
