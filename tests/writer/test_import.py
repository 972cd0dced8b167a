"""`digest import`: what is known from digests made elsewhere comes in no other digest again."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from command import digest as command
from desk import Desk, morning, shown
from filelock import FileLock
from older import RENDERER, entry, entry_of, older_file
from upkeeping import content

from digest.archive import Archive, DigestRecord, ImportedPaper
from digest.cli import exit_code
from digest.cli.reports import import_lines, status_lines
from digest.fetcher.calendar import Calendar
from digest.model import Digest, Paper, PaperId, Period
from digest.model.errors import LockHeld, UsageError
from digest.model.reports import DayState, FileImport, ImportReport, KnownPaper, RunReport
from digest.simulator import Corpus
from digest.writer.format.read import read_back

FOLDER = os.environ.get("DIGEST_SOURCE_FILES")
DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 20))
MONDAY = DAYS[5]
CORPUS = Corpus.generate(seed=23, first=date(2025, 12, 1), last=date(2026, 3, 24), per_day=30)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose topic takes every paper."""
    return Desk(tmp_path, CORPUS, topics=ALL)


def older(desk: Desk, day: date, *papers: Paper, name: str = "") -> Path:
    """A file of an older make with these papers, by default beside the output folder."""
    path = desk.folder / (name or f"old-{day}.md")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(older_file(day, *map(entry_of, papers)))
    return path


def in_output(desk: Desk, day: date, *papers: Paper) -> Path:
    return older(desk, day, *papers, name=f"output/{day}.md")


def take(desk: Desk, *files: Path, really: bool = True) -> ImportReport:
    return desk.app.import_digests(files, really=really)


def rebuild(desk: Desk) -> None:
    list(desk.app.rebuild(None, None, diff=False))


def ids(desk: Desk, day: date) -> set[str]:
    return {paper.partition("v")[0] for paper in shown(desk.path(day).read_bytes())}


def names(*papers: Paper) -> tuple[str, ...]:
    return tuple(paper.id for paper in papers)


def made(report: RunReport) -> list[date]:
    return [day.day for day in report.days]


def everything(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


# What is taken.


def test_the_papers_of_a_digest_are_taken(desk: Desk) -> None:
    papers = CORPUS.papers(DAYS[1])[:4]
    file = older(desk, DAYS[3], *papers)

    report = take(desk, file)

    assert report.files == (FileImport(file, DAYS[3], taken=names(*papers)),)
    assert (report.done, report.exit_code) == (True, 0)


def test_the_archive_keeps_what_the_digest_tells(desk: Desk) -> None:
    file = desk.folder / "old.md"
    file.write_bytes(older_file(DAYS[3], entry("2603.00007", DAYS[1], title="A: B\x1b", version=2)))

    take(desk, file)

    with closing(sqlite3.connect(desk.folder / "output/.archive.sqlite3")) as db:
        rows = db.execute("SELECT * FROM imported").fetchall()
    assert rows == [
        (
            *("2603.00007", 2, str(DAYS[3]), str(DAYS[1]), "http://arxiv.org/abs/2603.00007v2"),
            "A: B\x1b",
            "We present sparse attention for (2603.00007) long contexts.\n"
            "  In this part, LLMs are low-bit and as fast as before.",
            "Ada Ash\nBo Birch",
        )
    ]


def test_an_import_again_changes_nothing(desk: Desk) -> None:
    papers = CORPUS.papers(DAYS[1])[:4]
    files = [older(desk, DAYS[3], *papers), in_output(desk, DAYS[4], *CORPUS.papers(DAYS[2]))]
    take(desk, *files)
    before = contents(desk)

    report = take(desk, *files)

    assert contents(desk) == before
    assert [file.taken for file in report.files] == [(), ()]
    assert report.files[0].known == tuple(
        KnownPaper(paper, "imported", DAYS[3]) for paper in names(*papers)
    )


def contents(desk: Desk) -> list[str]:
    """Everything in the archive but the record of runs."""
    archive = desk.folder / "output/.archive.sqlite3"
    return [line for line in content(archive) if not line.startswith("run: ")]


def test_a_dry_import_tells_the_same_and_writes_nothing(desk: Desk) -> None:
    papers = CORPUS.papers(DAYS[1])
    files = [older(desk, DAYS[3], *papers[:4]), older(desk, DAYS[4], *papers[2:6])]
    before = everything(desk.folder)

    dry = take(desk, *files, really=False)

    assert everything(desk.folder) == before
    assert not dry.done
    assert take(desk, *files).files == dry.files


def test_a_dry_import_leaves_an_archive_as_it_is(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    file = older(desk, DAYS[3], *CORPUS.papers(DAYS[1])[:4])
    before = everything(desk.folder)

    take(desk, file, really=False)

    assert everything(desk.folder) == before


def test_a_paper_in_two_files_belongs_to_the_earlier_day(desk: Desk) -> None:
    papers = CORPUS.papers(DAYS[1])
    later = older(desk, DAYS[4], *papers[1:3])
    earlier = older(desk, DAYS[3], *papers[:2])

    report = take(desk, later, earlier)

    assert [file.path for file in report.files] == [later, earlier]
    assert [file.taken for file in report.files] == [(papers[2].id,), names(*papers[:2])]
    assert report.files[0].known == (KnownPaper(papers[1].id, "imported", DAYS[3]),)


def test_a_damaged_file_is_refused_with_its_line_and_the_good_ones_are_taken(desk: Desk) -> None:
    good = [older(desk, day, *CORPUS.papers(day)[:2]) for day in DAYS[1:3]]
    bad = desk.folder / "bad.md"
    lines = good[0].read_bytes().split(b"\r\n")
    number = next(n for n, line in enumerate(lines) if line.startswith(b"> http"))
    bad.write_bytes(b"\r\n".join([*lines[:number], b"> http://a.example/", *lines[number + 1 :]]))
    binary = desk.folder / "binary.md"
    binary.write_bytes(b"# 2026-03-04\n\n## \xff\n")

    report = take(desk, good[0], bad, binary, good[1])

    assert [(file.path, file.line, len(file.taken)) for file in report.files] == [
        (good[0], None, 2),
        (bad, number + 1, 0),
        (binary, 3, 0),
        (good[1], None, 2),
    ]
    assert f"{bad}:{number + 1}: " in report.files[1].problem
    assert "found the byte 0xff" in report.files[2].problem
    assert report.exit_code == 1
    assert desk.status().imported == 4


def test_a_file_that_cannot_be_read_is_refused(desk: Desk) -> None:
    report = take(desk, desk.folder)

    assert report.files == (FileImport(desk.folder, problem="cannot be read: Is a directory"),)


def test_a_file_is_taken_whole_or_not_at_all() -> None:
    record = DigestRecord(Period.of(DAYS[1]), DayState.IMPORTED, 2, "hash")

    def broken() -> Iterator[ImportedPaper]:
        url = "http://arxiv.org/abs/2603.00007v1"
        yield ImportedPaper(PaperId("2603.00007", 1), DAYS[1], DAYS[0], url, "A", "B", ("C",))
        raise RuntimeError

    with Archive(":memory:") as archive:
        with pytest.raises(RuntimeError):
            archive.imports.add(broken(), record, morning(DAYS[1]))
        assert archive.imports.count() == (0, 0)
        assert archive.ledger.digests() == {}


def test_an_import_waits_for_no_run(desk: Desk) -> None:
    file = older(desk, DAYS[3], *CORPUS.papers(DAYS[1])[:2])
    with (
        FileLock(desk.folder / "output/.archive.sqlite3.lock"),
        pytest.raises(LockHeld, match="another run"),
    ):
        take(desk, file)
    assert desk.status().imported == 0


# What runs do with it.


def test_an_imported_paper_is_in_no_digest_of_another_day(desk: Desk, tmp_path: Path) -> None:
    papers = CORPUS.papers(DAYS[1])
    take(desk, older(desk, DAYS[3], *papers[:5]))
    desk.run_on(DAYS[0])

    for day in DAYS[1:5]:
        desk.run_on(day)

    assert ids(desk, DAYS[1]) == set(names(*papers[5:]))
    assert ids(desk, DAYS[3]) == set(names(*CORPUS.papers(DAYS[3])))
    before = desk.files()
    rebuild(desk)
    assert desk.files() == before
    late = Desk(tmp_path / "late", CORPUS, topics=ALL)
    take(late, older(late, DAYS[3], *papers[:5]))
    late.backfill(DAYS[0], DAYS[4], at=morning(DAYS[8]))
    assert late.files() == before


def test_an_imported_paper_may_be_in_the_digest_of_its_day(desk: Desk) -> None:
    papers = CORPUS.papers(DAYS[0])
    take(desk, older(desk, DAYS[0], *papers[:5]))

    desk.run_on(DAYS[0])

    assert ids(desk, DAYS[0]) == set(names(*papers))


@pytest.mark.parametrize("day", [DAYS[1], MONDAY])
def test_the_day_of_an_imported_file_counts_as_made_and_the_file_stays(
    desk: Desk, day: date
) -> None:
    desk.run_on(DAYS[0])
    file = in_output(desk, day, *CORPUS.papers(day)[:3])
    take(desk, file)
    before = file.read_bytes()

    report = desk.run_on(DAYS[7])
    desk.backfill(DAYS[0], DAYS[7])
    with pytest.raises(UsageError, match=f"the digest of {day} was imported"):
        desk.run(day, DAYS[0])
    rebuild(desk)

    assert made(report) == [each for each in DAYS[1:8] if each != day]
    assert file.read_bytes() == before
    assert list(desk.files()) == [*(f"{each}.md" for each in DAYS[:8])]
    index = (desk.folder / "output/index.md").read_text(encoding="utf-8")
    assert f"[{day}]({day}.md): 3 papers" in index


def test_papers_that_come_to_the_archive_change_no_imported_file(desk: Desk) -> None:
    imported = CORPUS.papers(DAYS[1])[:3]
    file = in_output(desk, DAYS[1], *imported)
    take(desk, file)
    before = file.read_bytes()

    report = desk.run(DAYS[2], DAYS[0], at=morning(DAYS[2]))

    assert made(report) == [DAYS[2]]
    assert file.read_bytes() == before
    both = {paper.id for day in DAYS[1:3] for paper in CORPUS.papers(day)}
    assert ids(desk, DAYS[2]) == both - set(names(*imported))


def test_an_imported_file_that_is_removed_is_made_anew(desk: Desk) -> None:
    file = in_output(desk, DAYS[1], *CORPUS.papers(DAYS[1])[:3])
    desk.run_on(DAYS[0])
    take(desk, file)
    file.unlink()

    desk.run_on(DAYS[1])

    assert ids(desk, DAYS[1]) == set(names(*CORPUS.papers(DAYS[1])))


def test_a_weekly_digest_lacks_only_the_papers_of_an_imported_one(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__DAYS="fri")
    desk.run_on(DAYS[4])
    imported = CORPUS.papers(DAYS[6])[:3]
    take(desk, in_output(desk, DAYS[7], *imported))

    desk.run_on(DAYS[9])

    week = {paper.id for day in DAYS[5:10] for paper in CORPUS.papers(day)}
    assert ids(desk, DAYS[9]) == week - set(names(*imported))


def test_a_paper_of_a_digest_that_was_written_is_known(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    written, new = CORPUS.papers(DAYS[0])[0], CORPUS.papers(DAYS[1])[0]
    before = desk.files()

    report = take(desk, older(desk, DAYS[3], written, new))
    rebuild(desk)

    assert report.files[0].known == (KnownPaper(written.id, "written", DAYS[0]),)
    assert report.files[0].taken == (new.id,)
    assert desk.files() == before


def test_a_written_paper_is_known_by_its_digest_also_when_an_imported_one_has_it(
    desk: Desk,
) -> None:
    desk.run_on(DAYS[0])
    written = CORPUS.papers(DAYS[0])[0]
    take(desk, in_output(desk, DAYS[3], written))

    report = take(desk, older(desk, DAYS[4], written))

    assert report.files[0].known == (KnownPaper(written.id, "written", DAYS[0]),)


def test_a_digest_of_a_run_stays_one_when_another_of_its_day_is_imported(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    before = desk.files()
    take(desk, older(desk, DAYS[0], CORPUS.papers(DAYS[1])[0]))
    desk.path(DAYS[0]).write_bytes(b"changed by hand\n")

    rebuild(desk)

    assert desk.path(DAYS[0]).read_bytes() == before[f"{DAYS[0]}.md"]


def test_a_digest_of_a_run_stays_one_when_it_is_imported(desk: Desk) -> None:
    desk.run_on(DAYS[0])

    report = take(desk, desk.path(DAYS[0]))
    desk.path(DAYS[0]).write_bytes(b"changed by hand\n")
    rebuild(desk)

    assert report.files[0].taken == ()
    assert len(report.files[0].known) == len(CORPUS.papers(DAYS[0]))
    assert ids(desk, DAYS[0]) == set(names(*CORPUS.papers(DAYS[0])))


def test_a_file_that_took_the_place_of_a_written_one_is_imported_and_stays(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    papers = CORPUS.papers(DAYS[0])[:3]
    file = in_output(desk, DAYS[0], *papers)
    before = file.read_bytes()

    report = take(desk, file)
    rebuild(desk)
    desk.run_on(DAYS[1])

    assert report.files[0].taken == names(*papers)
    assert file.read_bytes() == before


def test_a_fetch_completes_imported_papers(desk: Desk) -> None:
    papers = [*CORPUS.papers(DAYS[1])[:3], *CORPUS.papers(DAYS[8])[:2]]
    take(desk, older(desk, DAYS[3], *papers))
    desk.run_on(DAYS[0])
    assert (desk.status().imported, desk.status().completed) == (5, 0)

    desk.run_on(DAYS[1])

    assert (desk.status().imported, desk.status().completed) == (5, 3)
    assert "imported: 5 papers, 3 completed by arXiv" in status_lines(desk.status())


def test_status_names_the_days_that_were_imported(desk: Desk) -> None:
    take(desk, older(desk, DAYS[3], *CORPUS.papers(DAYS[3])[:1]))
    assert desk.status().imported_days == ()
    take(desk, in_output(desk, DAYS[5], *CORPUS.papers(DAYS[5])[:2]))
    assert f"imported digests: 1, of {DAYS[5]}" in status_lines(desk.status())
    take(desk, in_output(desk, DAYS[1], *CORPUS.papers(DAYS[1])[:2]))
    assert desk.status().imported_days == (DAYS[1], DAYS[5])
    assert f"imported digests: 2, from {DAYS[1]} to {DAYS[5]}" in status_lines(desk.status())


@pytest.mark.parametrize("asked", [f"{DAYS[1]}", f"{DAYS[0]}..{DAYS[2]}"])
def test_an_export_of_imported_digests_says_that_it_needs_the_papers_themselves(
    desk: Desk, asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    take(desk, in_output(desk, DAYS[1], *CORPUS.papers(DAYS[1])[:2]))
    assert exit_code(["-C", str(desk.folder), "export", asked, "--format", "csv"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert f"the digest of {DAYS[1]} was imported" in told
    assert "output/index.md" not in told


@pytest.mark.skipif(
    not FOLDER, reason="DIGEST_SOURCE_FILES does not name the folder of the two source files"
)
@pytest.mark.parametrize("is_output", [True, False])
def test_after_the_source_files_a_run_over_their_time_repeats_no_paper(
    tmp_path: Path, is_output: bool
) -> None:
    files = [Path(FOLDER or "") / f"{day}.md" for day in ("2025-11-28", "2025-12-31")]
    digests = [read_back(file.read_bytes()) for file in files]
    # Papers announced at the same time that were in neither of them.
    others = [
        entry(f"{month}.{number:05d}", published, title=f"Another {number}")
        for month, published in (("2511", date(2025, 11, 25)), ("2512", date(2025, 12, 29)))
        for number in (30001, 30002)
    ]
    more = [Digest(digests[0].day, tuple(others[:2])), Digest(digests[1].day, tuple(others[2:]))]
    desk = Desk(tmp_path, Corpus.from_digests([*digests, *more]))
    if is_output:
        copies = [desk.folder / "output" / file.name for file in files]
        for file, copy in zip(files, copies, strict=True):
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
        files = copies

    report = take(desk, *files)
    for day in (date(2025, 12, 2), date(2026, 1, 2)):
        desk.run(day, day - timedelta(days=10), at=morning(date(2026, 1, 5)))

    assert [len(file.taken) for file in report.files] == [42, 61]
    ran = [*shown(desk.path(date(2025, 12, 2)).read_bytes())]
    ran += shown(desk.path(date(2026, 1, 2)).read_bytes())
    assert sorted(ran) == sorted(each.url.rpartition("/")[2] for each in others)
    assert desk.status().completed == 103
    if is_output:
        assert [file.read_bytes() for file in files] == [
            RENDERER.render(digest) for digest in digests
        ]


# The command.


def test_the_command_is_dry_without_yes(tmp_path: Path) -> None:
    assert command("init", folder=tmp_path).returncode == 0
    file = tmp_path / "old.md"
    file.write_bytes(older_file(DAYS[3], entry("2603.00007", DAYS[1])))

    dry = command("import", "old.md", folder=tmp_path)
    done = command("import", "old.md", "--yes", folder=tmp_path)
    again = command("import", "old.md", "--json", folder=tmp_path)

    assert (dry.returncode, dry.stdout) == (0, "old.md: 1 paper imported, 0 already known\n")
    assert "--yes" in dry.stderr
    assert (done.returncode, done.stdout, done.stderr) == (0, dry.stdout, "")
    assert json.loads(again.stdout) == {
        "files": [
            {
                "path": "old.md",
                "day": str(DAYS[3]),
                "taken": [],
                "known": [{"id": "2603.00007", "where": "imported", "day": str(DAYS[3])}],
                "problem": "",
                "line": None,
            }
        ],
        "done": False,
    }


def test_a_refused_file_ends_the_command_with_1(tmp_path: Path) -> None:
    assert command("init", folder=tmp_path).returncode == 0
    (tmp_path / "bad.md").write_bytes(b"# 2026-03-04\n\n\x1b[31m\n")

    refused = command("import", "bad.md", "--yes", folder=tmp_path)

    assert refused.returncode == 1
    assert "bad.md: refused\n" in refused.stdout
    assert command("import", "bad.md", folder=tmp_path).stderr == ""
    assert "bad.md:3: expected a paper's heading" in refused.stdout
    assert "\x1b" not in refused.stdout


def test_an_import_shows_what_is_known_by_the_digest_in_which_it_is() -> None:
    known = (
        KnownPaper("2603.00001", "imported", DAYS[0]),
        KnownPaper("2603.00003", "written", DAYS[1]),
        KnownPaper("2603.00002", "imported", DAYS[0]),
    )
    files = (
        FileImport(Path("a.md"), DAYS[2], ("2603.00004",), known),
        FileImport(Path("b.md"), problem="no digest", line=3),
    )
    assert list(import_lines(ImportReport(files, done=True))) == [
        "a.md: 1 paper imported, 3 already known",
        "  imported with 2026-03-02: 2603.00001, 2603.00002",
        "  written with 2026-03-03: 2603.00003",
        "b.md: refused",
        "  no digest",
    ]
