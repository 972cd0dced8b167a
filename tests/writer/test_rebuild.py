"""`digest rebuild`: past digests with the keywords of today, from the archive alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from command import digest, environment
from desk import Desk, morning, rebuild_command, shown
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.archive import Archive
from digest.fetcher.calendar import Calendar
from digest.model.changes import ByteChange, DigestChange
from digest.model.errors import LockHeld, TemplateError, UsageError, WriteError
from digest.simulator import Corpus, Fault

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 7))
CORPUS = Corpus.generate(seed=5, first=date(2025, 1, 1), last=date(2025, 3, 14), per_day=40)
BEFORE = ("model", "scales")
WORDS = (*BEFORE, "scal", "problem", "noise", "nothing has this word")


def topics(*keywords: str) -> str:
    return f"[[topic]]\n[[topic.group]]\nkeywords = {json.dumps(keywords)}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of five daily runs."""
    desk = Desk(tmp_path_factory.mktemp("made"), CORPUS, topics=topics(*BEFORE))
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    return desk.folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Desk:
    """A copy of it, with an arXiv that was never asked."""
    return copied(made, tmp_path / "desk")


def copied(made: Path, folder: Path) -> Desk:
    shutil.copytree(made, folder)
    desk = Desk(folder, CORPUS)
    desk.now = morning(DAYS[-1])
    return desk


def edit(desk: Desk, *keywords: str) -> None:
    (desk.folder / "config/keywords.toml").write_text(topics(*keywords), encoding="utf-8")


def rebuilt(
    desk: Desk, first: date | None = None, last: date | None = None
) -> dict[date, DigestChange]:
    return {change.day: change for change in desk.app.rebuild(first, last, diff=False)}


def diff(
    desk: Desk, first: date | None = None, last: date | None = None
) -> dict[date, DigestChange]:
    return {change.day: change for change in desk.app.rebuild(first, last, diff=True)}


def changed(changes: dict[date, DigestChange]) -> list[date]:
    return [day for day, change in changes.items() if change.action != "unchanged"]


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a workspace with its time of writing, but for SQLite's own bookkeeping."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def states(desk: Desk) -> dict[date, tuple[str, str | None]]:
    with Archive(desk.folder / "output/.archive.sqlite3") as archive:
        records = archive.ledger.digests()
    return {day: (record.state, record.sha256) for day, record in records.items()}


def test_with_the_same_keywords_nothing_is_touched(desk: Desk) -> None:
    before = {name: seen for name, seen in everything(desk.folder).items() if ".md" in name}

    changes = rebuilt(desk)

    assert list(changes) == DAYS
    assert changed(changes) == []
    assert {n: seen for n, seen in everything(desk.folder).items() if ".md" in n} == before


def test_a_rebuild_gives_the_files_that_runs_with_the_new_keywords_give(
    desk: Desk, tmp_path: Path
) -> None:
    keywords = ("scal", "problem")
    other = Desk(tmp_path / "other", CORPUS, topics=topics(*keywords))
    for day in DAYS:
        other.run_on(day)
    edit(desk, *keywords)
    assert desk.files() != other.files()

    rebuilt(desk)

    assert desk.files() == other.files()
    assert desk.requests() == []


def test_only_the_digests_of_the_range_are_made_again(desk: Desk) -> None:
    before = desk.files()
    edit(desk, "problem")

    assert list(rebuilt(desk, DAYS[1], DAYS[2])) == DAYS[1:3]
    after = desk.files()
    assert [name for name in before if before[name] != after[name]] == [
        f"{DAYS[1]}.md",
        f"{DAYS[2]}.md",
    ]
    assert list(diff(desk, DAYS[3])) == DAYS[3:]
    assert list(diff(desk, None, DAYS[0])) == DAYS[:1]


def test_digests_are_made_again_one_at_a_time(desk: Desk) -> None:
    before = desk.files()
    edit(desk, "problem")
    changes = desk.app.rebuild(None, None, diff=False)

    assert next(iter(changes)).day == DAYS[0]

    after = desk.files()
    assert [name for name in before if before[name] != after[name]] == [f"{DAYS[0]}.md"]


def test_a_deleted_digest_is_restored(desk: Desk) -> None:
    before = desk.files()
    desk.path(DAYS[2]).unlink()
    foretold = diff(desk)
    assert desk.files() != before

    changes = rebuilt(desk)

    assert desk.files() == before
    assert changes == foretold
    assert changed(changes) == [DAYS[2]]
    assert changes[DAYS[2]].action == "written"
    assert [paper.id for paper in changes[DAYS[2]].came] == shown(before[f"{DAYS[2]}.md"])


def test_a_digest_changed_by_hand_is_kept_beside_the_new_one(desk: Desk) -> None:
    right = desk.path(DAYS[0]).read_bytes()
    desk.path(DAYS[0]).write_bytes(right + b"my note\n")

    foretold = diff(desk)[DAYS[0]]
    change = rebuilt(desk)[DAYS[0]]

    assert "not as it was written last" in foretold.note
    assert change.note == f"the file was not as it was written last: kept as {DAYS[0]}.md.orig"
    assert desk.path(DAYS[0]).read_bytes() == right
    assert desk.files()[f"{DAYS[0]}.md.orig"] == right + b"my note\n"


def test_a_digest_with_the_line_ends_of_windows_is_not_called_changed_by_hand(desk: Desk) -> None:
    right = desk.path(DAYS[0]).read_bytes()
    desk.path(DAYS[0]).write_bytes(right.replace(b"\n", b"\r\n"))

    foretold = diff(desk)[DAYS[0]]
    change = rebuilt(desk)[DAYS[0]]

    assert foretold.note == change.note
    assert "line ends had become CR LF" in change.note
    assert desk.path(DAYS[0]).read_bytes() == right
    assert f"{DAYS[0]}.md.orig" not in desk.files()


def test_states_stay_what_they_were(tmp_path: Path) -> None:
    gone = CORPUS.papers(DAYS[1])[20].id
    desk = Desk(tmp_path, CORPUS, topics=topics(*BEFORE))
    desk.arxiv.fail(Fault.stale(datetime(2030, 1, 1, tzinfo=UTC), ids=[gone]))
    for day in DAYS[:4]:
        desk.run_on(day)
    before = states(desk)
    assert before[DAYS[1]][0] == "partial"
    edit(desk, "problem")

    rebuilt(desk)

    after = states(desk)
    assert {day: state for day, (state, _) in after.items()} == {
        day: state for day, (state, _) in before.items()
    }
    assert all(after[day] != before[day] for day in before)


def test_an_imported_digest_is_left_alone(desk: Desk) -> None:
    with Archive(desk.folder / "output/.archive.sqlite3") as archive:
        record = archive.ledger.digests()[DAYS[1]]
        archive.ledger.settle(
            type(record)(record.period, "imported", 3, "0" * 64), morning(DAYS[1])
        )
    before = desk.path(DAYS[1]).read_bytes()
    edit(desk, "problem")

    assert list(rebuilt(desk)) == [DAYS[0], *DAYS[2:]]
    assert desk.path(DAYS[1]).read_bytes() == before


# What --diff shows.


def test_diff_writes_nothing_and_needs_no_lock(desk: Desk) -> None:
    edit(desk, "problem")
    desk.path(DAYS[1]).unlink()
    before = everything(desk.folder), states(desk)

    with FileLock(desk.folder / "output/.archive.sqlite3.lock"):
        assert changed(diff(desk)) == DAYS

    assert (everything(desk.folder), states(desk)) == before


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, unique=True), max_size=2))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_diff_tells_what_a_rebuild_then_does(
    made: Path, tmp_path_factory: pytest.TempPathFactory, edits: list[list[str]]
) -> None:
    desk = copied(made, tmp_path_factory.mktemp("edited") / "desk")
    original = desk.files()
    some = DAYS[1], DAYS[3]
    for keywords in [*edits, list(BEFORE)]:
        edit(desk, *keywords)
        before = desk.files()
        foretold = diff(desk, *some)
        assert desk.files() == before

        assert rebuilt(desk, *some) == foretold

        after = desk.files()
        for day, change in foretold.items():
            old, new = before[f"{day}.md"], after[f"{day}.md"]
            assert (change.action == "unchanged") == (old == new)
            assert {p.id for p in change.came} == set(shown(new)) - set(shown(old))
            assert {p.id for p in change.went} == set(shown(old)) - set(shown(new))
            assert change.papers == len(shown(new))
            assert (old == new) == (not (change.came or change.went or change.badges))
            assert change.bytes is None
        assert changed(diff(desk, *some)) == []
    assert desk.files() == original


def test_words_that_gain_and_lose_a_badge_are_named_by_paper(desk: Desk) -> None:
    edit(desk, "model", "scal")
    old = desk.path(DAYS[0]).read_text(encoding="utf-8")

    change = diff(desk)[DAYS[0]]

    assert {one.gained for one in change.badges} == {("scal",)}
    assert {one.lost for one in change.badges} <= {(), ("scales",)}
    losing = [one for one in change.badges if one.lost]
    assert losing
    for one in losing:
        section = old.partition(f"\n## {one.title}\n")[2].partition("\n## ")[0]
        assert one.id in section
        assert "/scales-" in section


def test_an_edit_of_the_template_is_told_in_bytes(desk: Desk) -> None:
    template = desk.folder / "templates/digest.md.j2"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("# Table of Contents", "# Contents"), encoding="utf-8")
    size = desk.path(DAYS[0]).stat().st_size
    fewer = len("Table of ")

    change = diff(desk)[DAYS[0]]
    assert (change.came, change.went, change.badges) == ((), (), ())
    assert change.bytes == ByteChange(size, size - fewer, 3)

    rebuilt(desk)
    assert b"\n# Contents\n" in desk.path(DAYS[0]).read_bytes()

    # Now the old file is what cannot be read back.
    template.write_text(text, encoding="utf-8")
    change = diff(desk)[DAYS[0]]
    assert (change.came, change.went, change.badges) == ((), (), ())
    assert change.bytes == ByteChange(size - fewer, size, 3)


def test_another_colour_is_told_in_bytes(desk: Desk) -> None:
    words = topics(*BEFORE).replace("keywords", 'color = "123456"\nkeywords')
    (desk.folder / "config/keywords.toml").write_text(words, encoding="utf-8")

    change = diff(desk)[DAYS[0]]

    assert (change.came, change.went, change.badges) == ((), (), ())
    assert change.bytes is not None
    assert change.bytes.before == change.bytes.after


# What goes wrong.


@pytest.mark.parametrize("is_diff", [True, False])
@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (DAYS[1], DAYS[0], f"{DAYS[0]} is before {DAYS[1]}"),
        (DAYS[-1] + timedelta(days=1), None, "future"),
        (DAYS[0], date(9999, 12, 31), "future"),
        (date(1991, 8, 13), None, "before arXiv began"),
        (None, date(1991, 8, 13), "before arXiv began"),
    ],
)
def test_wrong_ranges_are_refused_with_the_reason(
    desk: Desk, first: date | None, last: date | None, words: str, is_diff: bool
) -> None:
    with pytest.raises(UsageError, match=words):
        list(desk.app.rebuild(first, last, diff=is_diff))


def test_a_rebuild_waits_for_no_other_run_and_frees_the_lock(desk: Desk) -> None:
    with FileLock(desk.folder / "output/.archive.sqlite3.lock"), pytest.raises(LockHeld):
        rebuilt(desk)

    unfinished = desk.app.rebuild(None, None, diff=False)
    next(iter(unfinished))
    with pytest.raises(LockHeld):
        rebuilt(desk)
    del unfinished
    assert list(rebuilt(desk)) == DAYS


def test_a_template_error_leaves_every_file(desk: Desk) -> None:
    (desk.folder / "templates/digest.md.j2").write_text("# {{ dya }}\n", encoding="utf-8")
    before = desk.files()

    with pytest.raises(TemplateError, match="dya"):
        rebuilt(desk)

    assert desk.files() == before


def test_a_digest_that_cannot_be_read_is_named(desk: Desk) -> None:
    desk.path(DAYS[0]).unlink()
    desk.path(DAYS[0]).mkdir()

    with pytest.raises(WriteError, match=f"{DAYS[0]}.md"):
        diff(desk)


def test_without_an_archive_there_is_nothing_to_rebuild_and_none_is_made(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS)

    assert rebuilt(desk) == diff(desk) == {}
    assert not (tmp_path / "output/.archive.sqlite3").exists()


# The command.


def test_the_command_shows_papers_that_come_and_go_and_the_totals(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(desk, "scales", "scal")
    foretold = diff(desk)

    assert rebuild_command(desk, "--diff") == 0

    lines = capsys.readouterr().out.splitlines()
    for day, change in foretold.items():
        assert f"{day}: would be rewritten, {change.papers} papers" in lines
        for paper in change.came:
            assert f"  + {paper.id} {paper.title}" in lines
        for paper in change.went:
            assert f"  - {paper.id} {paper.title}" in lines
        for one in change.badges:
            words = [f"    + {word}" for word in one.gained]
            words += [f"    - {word}" for word in one.lost]
            place = lines.index(f"  {one.id} {one.title}") + 1
            assert lines[place : place + len(words)] == words
    assert "    + scal" in lines
    came, went, badges = (
        sum(len(getattr(change, kind)) for change in foretold.values())
        for kind in ("came", "went", "badges")
    )
    assert lines[-1] == (
        f"5 of 5 digests would change. Papers: {came} new, {went} gone, {badges} with other badges."
    )


def test_the_command_says_nothing_of_digests_that_stay(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.path(DAYS[3]).unlink()

    assert rebuild_command(desk, "--diff", str(DAYS[0]), str(DAYS[2])) == 0
    assert capsys.readouterr().out == "0 of 3 digests would change.\n"

    assert rebuild_command(desk) == 0
    written, total = capsys.readouterr().out.splitlines()
    assert written == f"{DAYS[3]} written: {len(shown(desk.path(DAYS[3]).read_bytes()))} papers"
    assert total.startswith("1 of 5 digests changed. ")

    assert rebuild_command(desk, "2025-02-01", "2025-02-02") == 0
    assert capsys.readouterr().out == "No digest was written for these days.\n"


def test_json_is_one_object_with_the_changed_digests_and_the_totals(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(desk, "nothing has this word")
    papers = len(shown(desk.path(DAYS[4]).read_bytes()))

    assert rebuild_command(desk, "--diff", "--json", str(DAYS[4])) == 0

    told = json.loads(capsys.readouterr().out)
    (change,) = told["changed"]
    assert (change["day"], change["action"], change["papers"]) == (str(DAYS[4]), "rewritten", 0)
    assert len(change["went"]) == papers > 0
    assert set(change["went"][0]) == {"id", "title"}
    assert told["totals"] == {
        "digests": 1,
        "changed": 1,
        "came": 0,
        "went": papers,
        "rebadged": 0,
        "reordered": 0,
    }
    assert rebuild_command(desk, "--json") == 0
    assert json.loads(capsys.readouterr().out)["changed"][-1] == change


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2025-03-04", "2025-03-03"], "2025-03-03 is before 2025-03-04"),
        (["9999-12-31"], "future"),
        (["1991-08-13"], "before arXiv began"),
        (["yesterday"], "is not a valid date"),
    ],
)
def test_wrong_ranges_end_with_2_and_the_reason(
    desk: Desk, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rebuild_command(desk, *arguments) == 2
    assert words in capsys.readouterr().err


def test_the_command_imports_nothing_that_could_reach_the_network(desk: Desk) -> None:
    edit(desk, "problem")
    program = (
        "import sys; from digest.cli import exit_code; code = exit_code(sys.argv[1:]);"
        "network = {'httpx', 'requests', 'arxiv', 'urllib.request', 'rich'};"
        "sys.exit(code or ', '.join(network & set(sys.modules)) or 0)"
    )
    result = subprocess.run(
        (sys.executable, "-c", program, "-C", str(desk.folder), "rebuild"),
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "5 of 5 digests changed" in result.stdout


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are of POSIX systems")
def test_a_terminal_gets_colours_unless_told_otherwise(desk: Desk) -> None:
    edit(desk, "scales", "scal")

    coloured = b"".join(on_a_terminal(desk))
    plain = b"".join(on_a_terminal(desk, NO_COLOR="1"))
    piped = digest("-C", str(desk.folder), "rebuild", "--diff").stdout

    assert b"\x1b[32m  + 25" in coloured
    assert b"\x1b[31m  - 25" in coloured
    assert b"\x1b[32m    + scal" in coloured
    assert b"\x1b" not in plain
    assert "\x1b" not in piped
    assert plain.decode().replace("\r\n", "\n") == piped


def on_a_terminal(desk: Desk, **variables: str) -> Iterator[bytes]:
    """What `rebuild --diff` prints on a terminal."""
    ours, theirs = os.openpty()
    arguments = (sys.executable, "-m", "digest", "-C", str(desk.folder), "rebuild", "--diff")
    variables = environment(TERM="xterm", **variables)
    if not variables.get("NO_COLOR"):
        variables.pop("NO_COLOR", None)
    with subprocess.Popen(arguments, stdout=theirs, env=variables):
        os.close(theirs)
        try:
            while data := os.read(ours, 65536):
                yield data
        except OSError:  # Linux' way to say that the other end is closed
            pass
        finally:
            os.close(ours)
