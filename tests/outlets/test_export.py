"""`digest export`: which papers, where to, and what is remembered of it."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from command import digest, environment
from desk import Desk, morning
from places import ROOT
from pybtex.database import parse_string
from upkeeping import CORPUS, DAYS, copied

from digest.archive import Archive
from digest.cli import exit_code
from digest.model.reports import NO_WAIT
from digest.outlets.exports import Format
from digest.outlets.exports.tables import COLUMNS
from digest.runs.lock import Holder, only_run

LAST = ("--since", "last-export", "--format", "jsonl")


@pytest.fixture
def desk(workspace_with_runs: Path, tmp_path: Path) -> Desk:
    return copied(workspace_with_runs, tmp_path / "desk")


class Told(str):
    """What a command printed; `code` is its exit code, `err` its messages."""

    code: int
    err: str


@pytest.fixture
def run(desk: Desk, capsys: pytest.CaptureFixture[str]) -> object:
    def export(*arguments: str) -> Told:
        code = exit_code(["-C", str(desk.folder), "export", *arguments])
        out, err = capsys.readouterr()
        told = Told(out)
        told.code, told.err = code, err
        return told

    return export


class Run:
    """The type of the fixture above."""

    def __call__(self, *arguments: str) -> Told: ...  # type: ignore[empty-body]


def ids(told: str) -> list[str]:
    return [json.loads(row)["id"] for row in told.splitlines()]


def in_digests(desk: Desk, first: date, last: date) -> list[str]:
    """The ids of the papers of some digests, in their order."""
    with desk.app.editions() as editions:
        return [one.paper.id for each in editions.between(first, last) for one in each.shown]


def marks(desk: Desk, *starred: str) -> str:
    """A file of marks as the site exports it, with another paper that is only read."""
    path = desk.folder / "marks.json"
    (read, *_) = in_digests(desk, DAYS[1], DAYS[1])
    moment = "2026-11-24T12:00:00.000Z"
    papers = [{"id": paper, "title": "Any", "starred": moment, "read": None} for paper in starred]
    papers.append({"id": read, "title": "Other", "starred": None, "read": moment})
    path.write_text(json.dumps({"papers": papers}))
    return str(path)


def test_a_day_is_the_papers_of_its_digest(desk: Desk, run: Run) -> None:
    told = run(str(DAYS[1]), "--format", "jsonl")
    assert told.code == 0
    assert ids(told) == in_digests(desk, DAYS[1], DAYS[1])
    assert told.err == f"{len(ids(told))} papers of 1 digest\n"
    rows = [json.loads(row) for row in told.splitlines()]
    assert {(row["day"], row["announced"]) for row in rows} == {(str(DAYS[1]), str(DAYS[1]))}
    assert all(row["topics"] == ["topic 1"] and row["badges"] for row in rows)


def test_days_and_ranges_are_taken_together_and_each_once(desk: Desk, run: Run) -> None:
    told = run(f"{DAYS[1]}..{DAYS[3]}", str(DAYS[0]), str(DAYS[2]), "--format", "jsonl")
    assert ids(told) == in_digests(desk, DAYS[0], DAYS[3])


@pytest.mark.parametrize("form", Format)
def test_a_file_has_what_would_be_printed(desk: Desk, run: Run, form: Format) -> None:
    target = desk.folder / "new" / "papers"
    printed = run(str(DAYS[0]), "--format", str(form))
    told = run(str(DAYS[0]), "--format", str(form), "--output", str(target))
    assert (told, told.code) == ("", 0)
    assert target.read_bytes() == printed.encode()
    assert printed
    assert [path.name for path in target.parent.iterdir()] == ["papers"]


def test_two_days_are_one_bibliography_without_a_key_twice(desk: Desk, run: Run) -> None:
    first, second = (set(bibliography(run, day)) for day in (DAYS[0], DAYS[1]))
    both = parse_string(run(f"{DAYS[0]}..{DAYS[1]}", "--format", "bibtex"), "bibtex").entries
    assert set(both) == first | second
    assert len(both) == len(in_digests(desk, DAYS[0], DAYS[1]))


def bibliography(run: Run, day: date) -> list[str]:
    return list(parse_string(run(str(day), "--format", "bibtex"), "bibtex").entries)


def test_json_tells_what_was_written(desk: Desk, run: Run) -> None:
    target = desk.folder / "papers.bib"
    told = run(str(DAYS[0]), "--format", "bibtex", "--output", str(target), "--json")
    papers = len(in_digests(desk, DAYS[0], DAYS[0]))
    assert json.loads(told) == {"format": "bibtex", "digests": 1, "papers": papers, "missing": []}
    assert told.err == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Name days"),
        ((*LAST[:2], str(DAYS[0])), "leave days and --starred out"),
        (("2025-03-32",), "is not a valid date"),
        ((f"{DAYS[1]}..{DAYS[0]}",), "ends before it begins"),
        ((f"{DAYS[1]}..",), "is not a valid date"),
        ((str(DAYS[0]), "--json"), "--output"),
        (("2025-03-01",), "there is no digest of 2025-03-01"),
        (("2024-03-01..2024-03-05",), "there is no digest from 2024-03-01 to 2024-03-05"),
        (("--starred", "nowhere.json"), "does not exist"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...], message: str) -> None:
    told = run(*arguments, "--format", "ris")
    assert (told, told.code) == ("", 2)
    assert message in " ".join(told.err.split())


@pytest.mark.parametrize(
    "name",
    [
        *("config/keywords.toml", "config/digest.toml", "config/keywords.schema.json"),
        *("templates/digest.md.j2", "output/.archive.sqlite3", "output/.archive.sqlite3-wal"),
        *(f"output/{DAYS[0]}.md", "output/index.md"),
    ],
)
def test_no_file_of_the_workspace_is_overwritten(desk: Desk, run: Run, name: str) -> None:
    path = desk.folder / name
    before = path.read_bytes() if path.exists() else None
    link = desk.folder / "link"
    link.symlink_to(path)
    for target in (path, link):
        told = run(str(DAYS[0]), "--format", "csv", "--output", str(target))
        assert told.code == 2
        assert "belongs to the workspace" in told.err
    assert (path.read_bytes() if path.exists() else None) == before


@pytest.mark.parametrize(
    "command", [("status", "--prometheus"), ("archive", "export"), ("export", "--output")]
)
def test_no_command_writes_over_the_configuration(
    desk: Desk, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    path = desk.folder / "config/keywords.toml"
    before = path.read_bytes()
    day = (str(DAYS[0]), "--format", "csv") if command[0] == "export" else ()
    assert exit_code(["-C", str(desk.folder), *command, str(path), *day]) == 2
    assert "belongs to the workspace" in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["library.json", "receivers", "addresses", "password"])
def test_no_file_that_the_configuration_names_is_overwritten(
    desk: Desk, run: Run, name: str
) -> None:
    (desk.folder / "library.json").write_text('[{"title": "On tides"}]')
    settings = desk.folder / "config/digest.toml"
    text = settings.read_text(encoding="utf-8")
    for key, file in (
        ("library = []", 'library = ["library.json"]'),
        ('receivers_file = ""', 'receivers_file = "receivers"'),
        ('urls_file = ""', 'urls_file = "addresses"'),
        ('password_file = ""', 'password_file = "password"'),
    ):
        assert key in text
        text = text.replace(key, file)
    settings.write_text(text, encoding="utf-8")
    path = desk.folder / name
    before = path.read_bytes() if path.exists() else None
    told = run(str(DAYS[0]), "--format", "csv", "--output", str(path))
    assert told.code == 2
    assert "belongs to the workspace" in told.err
    assert (path.read_bytes() if path.exists() else None) == before


def test_an_export_takes_the_place_of_an_earlier_one(desk: Desk, run: Run) -> None:
    path = desk.folder / "output/papers.csv"
    for day in DAYS[:2]:
        assert run(str(day), "--format", "csv", "--output", str(path)).code == 0
        assert f",{day}," in path.read_text(encoding="utf-8")


def test_without_an_archive_there_is_nothing_to_export(desk: Desk, run: Run) -> None:
    desk.config.digest.archive.unlink()
    assert run(str(DAYS[0]), "--format", "ris").code == 2
    told = run(*LAST)
    assert (told, told.code, told.err) == ("", 0, "0 papers of 0 digests\n")
    assert not desk.config.digest.archive.exists()


def test_since_the_last_export_is_all_at_first_and_then_what_was_written_later(
    desk: Desk, run: Run
) -> None:
    assert ids(run(*LAST)) == in_digests(desk, DAYS[0], DAYS[-1])
    assert ids(run(*LAST)) == []
    day = DAYS[-1] + timedelta(days=3)
    desk.run_on(day)
    new = in_digests(desk, day, day)
    assert new
    assert ids(run(*LAST)) == new
    assert ids(run(*LAST)) == []


def test_of_a_digest_that_was_written_anew_the_new_papers_come(desk: Desk, run: Run) -> None:
    run(*LAST)
    before = in_digests(desk, DAYS[0], DAYS[-1])
    keywords = desk.folder / "config/keywords.toml"
    keywords.write_text(keywords.read_text().replace('"we "', '"we ", "ring"'))
    list(desk.app.rebuild(DAYS[2], DAYS[2], diff=False))
    joined = [paper for paper in in_digests(desk, DAYS[2], DAYS[2]) if paper not in before]
    assert joined
    keywords.write_text(keywords.read_text().replace('"ring"', '"ring", "zzz"'))
    assert ids(run(str(DAYS[2]), *LAST[2:])) == in_digests(desk, DAYS[2], DAYS[2])
    told = run(*LAST)
    assert set(joined) <= set(ids(told))
    assert not set(before) & set(ids(told))


def test_other_exports_do_not_count_as_the_last_one(desk: Desk, run: Run) -> None:
    run(f"{DAYS[0]}..{DAYS[-1]}", "--format", "ris")
    run("--starred", marks(desk, "2503.00001"), "--format", "ris")
    assert ids(run(*LAST)) == in_digests(desk, DAYS[0], DAYS[-1])


def test_an_export_that_could_not_be_written_is_none(desk: Desk, run: Run) -> None:
    (desk.folder / "file").write_text("")
    assert run(*LAST, "--output", str(desk.folder / "file" / "papers")).code == 1
    assert ids(run(*LAST)) == in_digests(desk, DAYS[0], DAYS[-1])


def test_an_export_that_nobody_read_to_its_end_is_none(desk: Desk, run: Run) -> None:
    with subprocess.Popen(
        (sys.executable, "-m", "digest", "-C", str(desk.folder), "export", *LAST),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.close()
        assert process.wait(60) == 0
    assert ids(run(*LAST)) == in_digests(desk, DAYS[0], DAYS[-1])


def test_starred_papers_are_exported_and_unknown_ones_told(desk: Desk, run: Run) -> None:
    papers = in_digests(desk, DAYS[0], DAYS[-1])
    chosen = [papers[0], papers[-1]]
    path = marks(desk, chosen[0], f"{chosen[1]}v1", "2512.99999", "\x1b[31mno id")
    told = run("--starred", path, "--format", "jsonl")
    assert told.code == 0
    assert sorted(ids(told)) == sorted(chosen)
    assert "in none of these digests: 2512.99999, \\x1b[31mno id\n" in told.err


def test_starred_papers_of_some_days_are_those_of_these_days(desk: Desk, run: Run) -> None:
    (first, *_), (last, *_) = (in_digests(desk, day, day) for day in (DAYS[0], DAYS[-1]))
    path = marks(desk, first, last)
    assert ids(run(str(DAYS[-1]), "--starred", path, "--format", "jsonl")) == [last]


def test_an_old_id_is_looked_for_in_every_digest(desk: Desk, run: Run) -> None:
    (paper, *_) = in_digests(desk, DAYS[0], DAYS[0])
    told = run("--starred", marks(desk, "hep-th/9901001", paper), "--format", "jsonl")
    assert ids(told) == [paper]
    assert "in none of these digests: hep-th/9901001" in told.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "it holds no marks of the site"),
        ('{"other": []}', "it holds no marks of the site"),
        ('{"papers": {}}', "its version is None; this program reads 1"),
        ('{"papers": ["2503.00001"]}', "one of its papers has no id"),
        ('{"papers": [{"id": 1, "starred": "2026"}]}', "one of its papers has no id"),
    ],
)
def test_a_file_that_holds_no_marks_is_refused(
    desk: Desk, run: Run, content: str, message: str
) -> None:
    path = desk.folder / "marks.json"
    path.write_text(content)
    told = run("--starred", str(path), "--format", "ris")
    assert (told, told.code) == ("", 2)
    assert f"cannot read the stars: {path}: " in told.err
    assert message in told.err


@pytest.mark.parametrize(
    ("form", "library", "module"),
    [
        ("bibtex", "bibtexparser", "bibtex"),
        ("bibtex", "latexcodec", "latex"),
        ("ris", "rispy", "ris"),
    ],
)
def test_what_a_format_needs_is_named_with_its_command(
    run: Run, monkeypatch: pytest.MonkeyPatch, form: str, library: str, module: str
) -> None:
    for name in {library, *sys.modules}:
        if name.partition(".")[0] == library:
            monkeypatch.setitem(sys.modules, name, None)  # as if it were not installed
    for name in (module, "bibtex"):
        monkeypatch.delitem(sys.modules, f"digest.outlets.exports.{name}", raising=False)
    told = run(str(DAYS[0]), "--format", form)
    assert (told, told.code) == ("", 2)
    assert f"cannot export to {form}: " in told.err
    assert "python -m pip install bibtexparser latexcodec rispy" in told.err


def test_a_terminal_gets_no_control_characters(desk: Desk) -> None:
    with Archive(desk.config.digest.archive) as archive:
        told = [replace(paper, title="\x1b[31m\u202e") for paper in CORPUS.papers(DAYS[0])]
        archive.papers.store(told, DAYS[0])
    master, slave = pty.openpty()
    command = (sys.executable, "-m", "digest", "-C", str(desk.folder), "export", str(DAYS[0]))
    with subprocess.Popen(
        (*command, "--format", "csv"),
        env=environment(),
        stdout=slave,
        stderr=subprocess.DEVNULL,
    ):
        os.close(slave)
        seen = b"".join(iter(lambda: _read(master), b""))
    os.close(master)
    assert b"\\x1b[31m\\u202e" in seen
    assert b"\x1b" not in seen
    piped = digest("-C", str(desk.folder), "export", str(DAYS[0]), "--format", "csv").stdout
    assert "\x1b[31m\u202e" in piped


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux tells the end
        return b""


def test_an_export_goes_on_while_a_run_works(desk: Desk, run: Run) -> None:
    holder = Holder.this("run", morning(DAYS[-1]))
    with only_run(desk.config.digest.archive, holder, wait=NO_WAIT, sleep=lambda _: None):
        assert ids(run(*LAST)) == in_digests(desk, DAYS[0], DAYS[-1])


def test_the_page_names_the_columns_that_a_digest_adds() -> None:
    page = (ROOT / "docs/feeds-and-exports.md").read_text(encoding="utf-8")
    last = page.partition("The last columns of")[2]
    assert tuple(re.findall(r"^\| `(\w+)` \|", last, re.MULTILINE)) == COLUMNS[-3:]
