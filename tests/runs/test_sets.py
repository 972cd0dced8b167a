"""Each announcement day is in exactly one digest, whatever a workspace has been through."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from desk import Desk, morning, shown
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from older import entry_of, older_file

from digest.archive import Archive
from digest.fetcher.calendar import Calendar
from digest.model import Period, Source
from digest.model.errors import UsageError
from digest.model.reports import DayState, RunReport
from digest.simulator import Corpus, Fault

CALENDAR = Calendar()
DAYS = CALENDAR.days(date(2026, 3, 2), date(2026, 4, 17))
CORPUS = Corpus.generate(
    seed=5, first=date(2026, 2, 2), last=date(2026, 4, 17), per_day=6, held=0, revised=0
)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'

DAILY = '["mon", "tue", "wed", "thu", "fri"]'
CHOICES = [DAILY, '["fri"]', '["mon"]', '["wed"]', '["mon", "thu"]', '["month-end"]']


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose topic takes every paper."""
    return Desk(tmp_path, CORPUS, topics=ALL)


def ids(desk: Desk, day: date) -> set[str]:
    return {paper.partition("v")[0] for paper in shown(desk.path(day).read_bytes())}


def truth(*days: date) -> set[str]:
    return {paper.id for day in days for paper in CORPUS.papers(day)}


def digests(desk: Desk) -> dict[date, Period]:
    with Archive(desk.config.digest.archive) as archive:
        return {day: record.period for day, record in archive.ledger.digests().items()}


def in_files(desk: Desk) -> Counter[str]:
    """In how many digest files each paper is."""
    files = (path for path in desk.folder.glob("output/[0-9]*.md"))
    return Counter(
        paper for path in files for paper in {one.partition("v")[0] for one in _shown(path)}
    )


def _shown(path: Path) -> list[str]:
    return re.findall(r"arxiv\.org/abs/([\d.]+)", path.read_text(encoding="utf-8"))


def week(monday: date) -> list[date]:
    return CALENDAR.days(monday, monday + timedelta(days=4))


# Digest days.


def test_a_week_without_an_announcement_on_its_friday_has_its_digest_on_thursday(
    tmp_path: Path,
) -> None:
    thanksgiving = date(2026, 11, 26)
    corpus = Corpus.generate(
        seed=1, first=date(2026, 11, 2), last=date(2026, 12, 4), per_day=6, held=0
    )
    desk = Desk(tmp_path, corpus, topics=ALL, environ={"DIGEST_DIGEST__DAYS": '["fri"]'})
    desk.run_on(date(2026, 11, 20))

    (made,) = desk.run_on(thanksgiving).days
    later = desk.run(at=morning(thanksgiving) + timedelta(days=2))
    following = desk.run_on(date(2026, 12, 4))

    papers = {one.id for day in week(date(2026, 11, 23)) for one in corpus.papers(day)}
    assert (made.day, made.state, ids(desk, thanksgiving)) == (thanksgiving, "complete", papers)
    assert not later.days
    assert [day.day for day in following.days] == [date(2026, 12, 4)]


@pytest.mark.parametrize("after", CHOICES)
@pytest.mark.parametrize("before", CHOICES)
def test_changing_the_digest_days_puts_every_paper_in_one_digest(
    tmp_path: Path, before: str, after: str
) -> None:
    if before == after:
        return
    desk = Desk(tmp_path, CORPUS, topics=ALL, environ={"DIGEST_DIGEST__DAYS": before})
    for day in DAYS[7:]:
        if day == date(2026, 3, 25):
            desk.configure(DIGEST_DIGEST__DAYS=after)
        if day.weekday() in {1, 4} or day.day == 31:
            desk.run_on(day)

    held = {day for period in digests(desk).values() for day in period.days}
    assert in_files(desk) == Counter(truth(*held))
    assert {day for day in DAYS if min(held) <= day <= max(held)} <= held


def test_a_day_that_waited_joins_the_weekly_digest_after_a_change(desk: Desk) -> None:
    late = CORPUS.papers(DAYS[2])[3].id
    desk.arxiv.fail(Fault.stale(morning(DAYS[4]) + timedelta(hours=1), ids=[late]))
    for day in DAYS[:4]:
        desk.run_on(day)
    desk.configure(DIGEST_DIGEST__DAYS='["fri"]')

    desk.run(at=morning(DAYS[4]) + timedelta(hours=2))

    # The number that did not come may have been a held paper of the day after: both waited.
    assert ids(desk, DAYS[4]) == truth(*DAYS[2:5])
    assert in_files(desk) == Counter(truth(*DAYS[:5]))


def test_days_left_waiting_longer_ago_than_the_limit_are_named(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__CATCH_UP_DAYS="7")
    desk.run_on(DAYS[0])
    for day in DAYS[1:3]:
        desk.arxiv.fail(Fault.status(503, times=7, after=len(desk.arxiv.log)))
        desk.run(at=morning(day), source=Source.QUERY)

    desk.run_on(DAYS[14])
    report = desk.run_on(DAYS[15])

    assert any(f"digest backfill {DAYS[1]} {DAYS[8]}" in note for note in report.notes)
    desk.backfill(DAYS[1], DAYS[8])
    assert in_files(desk) == Counter(truth(*DAYS[:16]))
    assert not any("left out" in note for note in desk.run().notes)


# `run --since`.


def test_a_look_in_the_middle_of_a_week_takes_nothing_from_its_digest(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__DAYS='["fri"]')
    desk.run(DAYS[2], DAYS[1], at=morning(DAYS[2]))

    desk.run_on(DAYS[4])

    assert ids(desk, DAYS[2]) == truth(DAYS[2])
    assert ids(desk, DAYS[4]) == truth(DAYS[0], DAYS[1], DAYS[3], DAYS[4])


def test_since_says_what_it_takes_from_other_digests_and_asks(desk: Desk) -> None:
    for day in DAYS[:5]:
        desk.run_on(day)
    before = desk.files()
    count = len(truth(*DAYS[2:4]))

    with pytest.raises(UsageError, match=rf"takes {count} papers from the 2 digests") as refused:
        desk.run(DAYS[4], DAYS[1], agree=_unattended)
    assert desk.files() == before
    assert "--yes" in refused.value.hint

    desk.run(DAYS[4], DAYS[1])
    assert ids(desk, DAYS[4]) == truth(*DAYS[2:5])
    assert in_files(desk) == Counter(truth(*DAYS[:5]))
    again = desk.run(at=morning(DAYS[4]) + timedelta(hours=2))
    assert not again.days


def test_what_since_replaced_is_had_back_by_naming_its_days(desk: Desk) -> None:
    for day in DAYS[:5]:
        desk.run_on(day)
    before = desk.files()
    desk.run(DAYS[4], DAYS[1])

    with pytest.raises(UsageError, match="in no digest until"):
        desk.backfill(DAYS[4], DAYS[4], agree=_unattended)
    desk.backfill(DAYS[4], DAYS[4])
    assert ids(desk, DAYS[4]) == truth(DAYS[4])
    desk.run()
    assert desk.files() == before

    desk.run(DAYS[4], DAYS[1])
    desk.backfill(DAYS[2], DAYS[4], agree=_unattended)
    assert desk.files() == before


def test_since_over_many_days_stays_what_it_is_until_it_is_complete(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__CATCH_UP_DAYS="7")
    late = CORPUS.papers(DAYS[1])[3].id
    desk.arxiv.fail(Fault.stale(morning(DAYS[14]) + timedelta(hours=2), ids=[late]))

    with pytest.raises(UsageError, match=r"15 announcement days, about \d+ papers and \d+ requ"):
        desk.run(DAYS[14], DAYS[0] - timedelta(days=1), at=morning(DAYS[14]), agree=_unattended)
    desk.run(DAYS[14], DAYS[0] - timedelta(days=1))
    assert ids(desk, DAYS[14]) == truth(*DAYS[:15]) - {late}
    desk.run(at=morning(DAYS[14]) + timedelta(hours=3))

    assert ids(desk, DAYS[14]) == truth(*DAYS[:15])
    assert list(desk.files()) == [f"{DAYS[14]}.md"]


def _unattended(effect: str) -> None:
    raise UsageError(effect, hint="--yes does it")


# Imports, and archives that are lost.


def test_an_imported_digest_of_one_day_leaves_the_rest_of_its_week(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__DAYS='["fri"]')
    friday = desk.path(DAYS[4])
    friday.parent.mkdir(exist_ok=True)
    friday.write_bytes(older_file(DAYS[4], *map(entry_of, CORPUS.papers(DAYS[4]))))
    desk.app.import_digests([friday], really=True)

    desk.run_on(DAYS[4])

    assert ids(desk, DAYS[3]) == truth(*DAYS[:4])
    assert in_files(desk) == Counter(truth(*DAYS[:5]))


def test_a_lost_archive_loses_no_day_and_no_line_of_the_index(desk: Desk) -> None:
    for day in DAYS[:4]:
        desk.run_on(day)
    index = (desk.folder / "output/index.md").read_text(encoding="utf-8")
    for path in desk.folder.glob("output/.archive*"):
        path.unlink()

    report = desk.run_on(DAYS[6])

    assert any(f"digest backfill {DAYS[0]} {DAYS[3]}" in note for note in report.notes)
    assert in_files(desk) == Counter(truth(*DAYS[:7]))
    lines = (desk.folder / "output/index.md").read_text(encoding="utf-8").splitlines()
    assert [line.partition(" (")[0] for line in index.splitlines()[2:]] == lines[-4:]


# One day that arXiv can't serve.


def test_a_day_that_arxiv_cannot_serve_holds_no_other_back(desk: Desk) -> None:
    window = CALENDAR.window(DAYS[1])
    assert window
    text = f"{window.start:%Y%m%d%H%M} TO {window.end:%Y%m%d%H%M}"
    desk.run_on(DAYS[0])
    desk.arxiv.fail(
        Fault.status(500, times=None, when=lambda params: text in params.get("search_query", ""))
    )

    for day in DAYS[1:5]:
        report = desk.run(at=morning(day), source=Source.QUERY)  # OAI-PMH has the day
        assert report.exit_code == 3

    # The day behind it waits as well: where it begins, only the end of that day shows.
    assert list(desk.files()) == [f"{day}.md" for day in (DAYS[0], *DAYS[3:5])]


def test_where_arxiv_is_down_the_others_are_not_tried(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    desk.arxiv.fail(Fault.status(503, times=None))

    report = desk.run_on(DAYS[4])

    assert [day.day for day in report.days] == [DAYS[1]]
    assert any("3 more digests" in note for note in report.notes)


# Any history.


@dataclass
class History:
    """A workspace and what has happened to it; `at` counts announcement days."""

    desk: Desk
    at: int = 8
    copy: bytes | None = None
    told: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        return DAYS[self.at]

    def run(self, days: int) -> None:
        self.at = min(self.at + days, len(DAYS) - 1)
        self._went(self.desk.run(at=self._moment()))

    def outage(self, days: int) -> None:
        count = len(self.desk.arxiv.log)
        self.desk.arxiv.fail(Fault.status(503, times=6, after=count + days % 3))
        self.run(days)

    def late(self, number: int) -> None:
        papers = CORPUS.papers(self.today)
        hidden = [papers[number % len(papers)].id]
        until = morning(self.today) + timedelta(days=2)
        self.desk.arxiv.fail(Fault.stale(until, ids=hidden))
        self.run(0)

    def choose(self, number: int) -> None:
        self.desk.configure(DIGEST_DIGEST__DAYS=CHOICES[number % len(CHOICES)])

    def since(self, days: int) -> None:
        after = self.today - timedelta(days=1 + days)
        self._went(self.desk.run(self.today, after, at=self._moment()))

    def backfill(self, days: int) -> None:
        first = DAYS[max(self.at - days, 0)]
        last = DAYS[max(self.at - days // 2, 0)]
        self._went(self.desk.backfill(first, last, at=self._moment()))

    def take(self, days: int) -> None:
        """Import a digest with some papers of a day, made elsewhere."""
        day = DAYS[max(self.at - days, 0)]
        path = self.desk.path(day) if days % 2 else self.desk.folder / f"{day}.md"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(older_file(day, *map(entry_of, CORPUS.papers(day)[:3])))
            self.desk.app.import_digests([path], really=True)

    def save(self, _: int) -> None:
        archive = self.desk.config.digest.archive
        self.copy = archive.read_bytes() if archive.exists() else None

    def restore(self, _: int) -> None:
        if self.copy is not None:
            for path in self.desk.folder.glob("output/.archive*"):
                path.unlink()
            self.desk.config.digest.archive.write_bytes(self.copy)

    def _moment(self) -> datetime:
        return max(morning(self.today), self.desk.now)

    def _went(self, report: RunReport) -> None:
        self.told = list(report.notes)


STEPS: dict[str, Callable[[History, int], None]] = {
    "run": History.run,
    "outage": History.outage,
    "late": History.late,
    "choose": History.choose,
    "since": History.since,
    "backfill": History.backfill,
    "take": History.take,
    "save": History.save,
    "restore": History.restore,
}


@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9)), min_size=3, max_size=9)
)
def test_every_paper_is_in_one_digest_or_named_as_not_yet_there(
    steps: Iterable[tuple[str, int]],
) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), CORPUS, topics=ALL)
        history = History(desk)
        history.run(0)
        for name, number in steps:
            STEPS[name](history, number)
        history.at = max(history.at, DAYS.index(date(2026, 4, 10)))
        history.run(0)
        history.run(5)  # the last of the late papers is there
        check(history)


def check(history: History) -> None:
    found = in_files(history.desk)
    records = digests(history.desk)
    unknown = _named(history.told, r"\((\S+)(?: to (\S+))?\) not in the archive")
    strange = [
        path
        for path in history.desk.folder.glob("output/[0-9]*.md")
        if date.fromisoformat(path.stem) not in records
    ]
    changed = _named(history.told, r"(\S+)\.md is not as()")
    strange += [history.desk.path(day) for day in changed]
    unknown |= changed
    assert {date.fromisoformat(path.stem) for path in strange} <= unknown
    for path in strange:
        found.subtract({one.partition("v")[0] for one in _shown(path)})
    assert not [paper for paper, count in found.items() if count > 1]

    held = [day for period in records.values() for day in period.days]
    assert len(held) == len(set(held))
    outside = _imported(history.desk)
    lacking = {
        day for day in DAYS if not truth(day) - outside <= {one for one in found if found[one] == 1}
    }
    named = _named(history.told, r"digest backfill ([\d-]+) ([\d-]+)")
    named |= unknown | {day for of in changed for day in records[of].days}
    named |= {day.day for day in history.desk.status().days if day.state == DayState.WAITING}
    assert not {day for day in lacking if day in held} - named
    looked_at = {day.day for day in history.desk.status().days}
    begun = min(looked_at & set(DAYS))
    due = _due(history.desk)
    assert not {day for day in lacking if begun <= day <= due} - named


def _imported(desk: Desk) -> set[str]:
    """Papers of files that were imported, and those that one of them may lack."""
    with Archive(desk.config.digest.archive) as archive:
        records = archive.ledger.digests().values()
        whole = {r.period.day for r in records if r.state == DayState.IMPORTED}
        papers = {paper for day in DAYS for paper in truth(day)}
        return truth(*whole) | set(archive.imports.days(sorted(papers)))


def _named(notes: Iterable[str], pattern: str) -> set[date]:
    named: set[date] = set()
    for note in notes:
        for first, last in re.findall(pattern, note):
            begin = date.fromisoformat(first)
            named |= set(CALENDAR.days(begin, date.fromisoformat(last or first)))
    return named


def _due(desk: Desk) -> date:
    """The last day that is due by the digest days of today: later ones may still wait."""
    from digest.app.parts import Parts
    from digest.app.world import real_world

    now = desk.now.astimezone(UTC).date()
    digest_days = Parts(desk.config, real_world()).digest_days
    return digest_days.latest(CALENDAR.latest(desk.now) if now else now).day
