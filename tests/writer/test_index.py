"""`output/index.md`: all digests, the newest first, kept by whatever writes one."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from desk import Desk, morning, shown
from hypothesis import given
from hypothesis import strategies as st

from digest.archive import Archive
from digest.fetcher.calendar import Calendar
from digest.model import Badge, Digest, Entry, Marked
from digest.simulator import Corpus, Fault
from digest.writer.format.index import Listed, frequent_badges, index
from digest.writer.format.read import read_back

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 6))
CORPUS = Corpus.generate(seed=5, first=date(2025, 2, 1), last=date(2025, 3, 14), per_day=40)
TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["model", "scal", "noise", "problem"]\n'
OTHER = '[[topic]]\n[[topic.group]]\nkeywords = ["scales", "poor"]\n'
LINE = re.compile(r"\* \[(.*)\]\(\1\.md\): ([0-9,]+) papers?(?: \((.*)\))?(, incomplete)?")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose topic takes most papers."""
    return Desk(tmp_path, CORPUS, topics=TOPICS)


def path(desk: Desk) -> Path:
    return desk.folder / "output/index.md"


def lines(desk: Desk) -> list[str]:
    return path(desk).read_text(encoding="utf-8").splitlines()


def listed(desk: Desk) -> dict[str, tuple[int, list[str]]]:
    """What the index says of each day: papers and badges."""
    found = [LINE.fullmatch(line) for line in lines(desk)[2:]]
    return {one[1]: (int(one[2]), one[3].split(", ")) for one in found if one}


def counted(desk: Desk) -> dict[str, tuple[int, list[str]]]:
    """The same, read from the digests themselves."""
    counts = {}
    for name, data in desk.files().items():
        words = re.findall(r"badge/(.*?)-[0-9A-F]{6}\)", data.decode())
        three = [word for word, _ in Counter(words).most_common(3)]
        counts[name.removesuffix(".md")] = (len(shown(data)), three)
    return counts


def test_the_index_lists_every_digest_with_the_newest_first(desk: Desk) -> None:
    for day in DAYS:
        desk.run_on(day)
        assert listed(desk) == counted(desk)

    assert lines(desk)[:2] == ["# Digests", ""]
    assert list(listed(desk)) == [str(day) for day in reversed(DAYS)]
    assert len(lines(desk)) == 2 + len(DAYS)
    assert path(desk).read_bytes().endswith(b")\n")


def test_a_run_backfill_and_rebuild_keep_the_same_index(desk: Desk, tmp_path: Path) -> None:
    for day in DAYS:
        desk.run_on(day)
    later = Desk(tmp_path / "later", CORPUS, topics=TOPICS)
    later.backfill(DAYS[0], DAYS[-1], at=morning(DAYS[-1]))
    live = path(desk).read_bytes()
    assert path(later).read_bytes() == live

    (desk.folder / "config/keywords.toml").write_text(OTHER, encoding="utf-8")
    list(desk.app.rebuild(None, None, diff=False))
    assert path(desk).read_bytes() != live
    assert listed(desk) == counted(desk)

    (desk.folder / "config/keywords.toml").write_text(TOPICS, encoding="utf-8")
    list(desk.app.rebuild(None, None, diff=False))
    assert path(desk).read_bytes() == live


def test_an_index_that_stays_the_same_is_not_touched(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    before = path(desk).stat()

    desk.run()
    list(desk.app.rebuild(None, None, diff=False))
    list(desk.app.rebuild(None, None, diff=True))

    after = path(desk).stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_the_index_can_be_turned_off_and_is_then_left_alone(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__INDEX="false")
    desk.run_on(DAYS[0])
    assert not path(desk).exists()

    path(desk).write_text("mine\n", encoding="utf-8")
    desk.run_on(DAYS[1])
    list(desk.app.rebuild(None, None, diff=False))

    assert lines(desk) == ["mine"]


def test_a_changed_or_deleted_index_is_made_anew_without_a_copy(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    right = path(desk).read_bytes()
    for spoil in (lambda: path(desk).write_bytes(b"mine\n"), path(desk).unlink):
        spoil()
        desk.run()
        assert path(desk).read_bytes() == right
    assert {file.name for file in desk.folder.glob("output/*.md*")} == {
        f"{DAYS[0]}.md",
        "index.md",
    }


def test_a_digest_whose_file_is_gone_is_not_listed(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    desk.run_on(DAYS[1])
    desk.path(DAYS[0]).unlink()

    list(desk.app.rebuild(DAYS[1], None, diff=False))
    assert list(listed(desk)) == [str(DAYS[1])]

    list(desk.app.rebuild(None, None, diff=False))
    assert list(listed(desk)) == [str(DAYS[1]), str(DAYS[0])]


def test_a_digest_with_papers_missing_is_marked(desk: Desk) -> None:
    gone = CORPUS.papers(DAYS[1])[20].id
    desk.arxiv.fail(Fault.stale(datetime(2030, 1, 1, tzinfo=UTC), ids=[gone]))
    for day in (DAYS[0], DAYS[1], DAYS[3]):
        desk.run_on(day)

    marked = [line for line in lines(desk) if line.endswith("), incomplete")]
    assert [line[3:13] for line in marked] == [str(DAYS[1])]


def test_badges_come_from_the_ledger_and_not_from_the_files(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    with Archive(desk.folder / "output/.archive.sqlite3") as archive:
        badges = archive.ledger.digests()[DAYS[0]].badges
    assert badges == frequent_badges(read_back(desk.path(DAYS[0]).read_bytes()))
    desk.path(DAYS[0]).write_bytes(b"no digest")
    before = path(desk).read_bytes()

    desk.run_on(DAYS[1])

    assert path(desk).read_bytes().endswith(before.partition(b"\n\n")[2])


# The page itself.


def digest_of(*abstracts: Marked) -> Digest:
    entries = (Entry("A title", (), DAYS[0], "http://arxiv.org/abs/x", text) for text in abstracts)
    return Digest(DAYS[0], tuple(entries))


def badges(words: str) -> Marked:
    return tuple(Badge(word, "F08080") for word in words)


def test_the_three_badges_seen_most_are_named_and_the_first_seen_of_equal_ones() -> None:
    assert frequent_badges(digest_of(badges("abcd"), ("text",), badges("dcbb"))) == ("b", "c", "d")
    assert frequent_badges(digest_of(badges("dacb"))) == ("d", "a", "c")
    assert frequent_badges(digest_of((Badge("a", "F08080"), Badge("b", "F08080")))) == ("a", "b")
    assert frequent_badges(digest_of(("no badge",))) == ()


def test_a_line_tells_papers_badges_and_what_is_missing() -> None:
    page = index(
        [
            Listed(DAYS[0], 0, (), is_incomplete=False),
            Listed(DAYS[2], 1, ("low-bit", "KV cache"), is_incomplete=True),
            Listed(DAYS[1], 1042, ("LLM",), is_incomplete=False),
        ]
    )
    assert page.decode() == (
        "# Digests\n"
        "\n"
        "* [2025-03-05](2025-03-05.md): 1 paper (low-bit, KV cache), incomplete\n"
        "* [2025-03-04](2025-03-04.md): 1,042 papers (LLM)\n"
        "* [2025-03-03](2025-03-03.md): 0 papers\n"
    )
    assert index([]) == b"# Digests\n\n"


def test_a_badge_that_is_markdown_is_shown_as_it_is() -> None:
    page = index([Listed(DAYS[0], 1, ("*x*", "[a](b)", "<b>", "`c`", "a_b"), is_incomplete=False)])

    shown_part = page.decode().splitlines()[2].partition(": ")[2]
    assert not set("*[]<>`_") & set(shown_part)
    assert "&#42;x&#42;" in shown_part


@given(st.lists(st.text(max_size=8), max_size=3), st.permutations(DAYS))
def test_any_badges_in_any_order_give_one_line_a_digest(words: list[str], days: list[date]) -> None:
    page = index(Listed(day, 3, tuple(words), is_incomplete=False) for day in days)

    got = page.decode().split("\n")
    assert [line[3:13] for line in got[2:-1]] == [str(day) for day in reversed(DAYS)]
    assert got[-1] == ""
