"""A year of arXiv's bad days: every kind of fault of the simulator at random, and outages.

Three runs a day. No day may be told complete that differs from an undisturbed year's, and when
the weather has cleared every file must be the same. Papers come late in every simulated year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from desk import Desk, morning

from campaign.result import Row
from digest.fetcher.calendar import Calendar
from digest.model.errors import DigestError
from digest.simulator import Corpus, Fault, Simulator

_FIRST = date(2025, 12, 1)
_TOPIC = '[[topic]]\n[[topic.group]]\nkeywords = ["with", "from"]\n'
#: Fewer papers a day would have days without a held one, which look like days put off.
_PER_DAY = 60
_PAGE_SIZE = "40"
_RUNS = (0, 6, 12)

#: How a fault is made: from how often it strikes, the moment of the run, and chance.
_Make = Callable[[int, datetime, Random], Fault]

#: Every kind of fault of the simulator, by the name of its maker.
KINDS: dict[str, _Make] = {
    "status": lambda n, _, chance: Fault.status(
        chance.choice((403, 429, 500, 502, 503)),
        retry_after=chance.choice((None, 0, 20, 900)),
        times=n,
    ),
    "moved": lambda n, _, __: Fault.moved(times=n),
    "text": lambda n, _, chance: Fault.text(
        chance.choice(("", "<html>Busy</html>", "Rate exceeded.")), times=n
    ),
    "error_entry": lambda n, _, __: Fault.error_entry(times=n),
    "reset": lambda n, _, __: Fault.reset(times=n),
    "hang": lambda n, _, __: Fault.hang(times=n),
    "drip": lambda n, _, __: Fault.drip(times=n),
    "cut_off": lambda n, _, __: Fault.cut_off(times=n),
    "stale": lambda _, now, chance: Fault.stale(now + timedelta(hours=chance.choice((2, 7, 20)))),
    "lost_shard": lambda _, now, chance: Fault.lost_shard(
        now + timedelta(hours=chance.choice((2, 7, 20)))
    ),
    "empty_page": lambda n, _, __: Fault.empty_page(times=n),
    "outage": lambda n, _, __: Fault.outage(times=n),
    "moving_total": lambda n, _, chance: Fault.moving_total(chance.choice((-3, -1, 1, 5)), times=n),
    "short_page": lambda n, _, chance: Fault.short_page(chance.randint(1, 5), times=n),
    "duplicate": lambda n, _, __: Fault.duplicate(times=n),
    "poison": lambda n, _, __: Fault.poison("", times=n),
    "truncated": lambda n, _, __: Fault.truncated(times=n),
    "undated": lambda n, _, __: Fault.undated(times=n),
    "renamed": lambda n, _, chance: Fault.renamed(*chance.choice(ELEMENTS), times=n),
}

#: What the query API's answers are made of, each with a new name.
ELEMENTS: tuple[tuple[str, str], ...] = (
    *(("feed", "results"), ("entry", "item"), ("opensearch:totalResults", "opensearch:total")),
    *(("id", "uri"), ("title", "heading"), ("summary", "abstract"), ("published", "issued")),
    *(("updated", "modified"), ("author", "creator"), ("name", "label"), ("category", "subject")),
)


def year(folder: Path, days: int, seed: int) -> Iterator[Row]:
    """A year with faults on every fourth day, and one with outages of hours and of days."""
    wanted = Calendar().days(_FIRST, _FIRST + timedelta(days=2 * days))[:days]
    corpus = Corpus.generate(
        seed=seed,
        first=_FIRST - timedelta(days=130),
        last=wanted[-1] + timedelta(days=40),
        per_day=_PER_DAY,
        revised=0.1,
        absent=0.002,
    )
    calm = _desk(folder / "calm", corpus)
    for day in wanted:
        for hours in _RUNS:
            calm.run(at=morning(day) + timedelta(hours=hours))
    _settle(calm, wanted)
    expected = calm.files()
    yield _year(folder / "faults", corpus, wanted, expected, seed, _faults, "faults at random")
    yield _year(folder / "outages", corpus, wanted, expected, seed, _outages, "outages")


def api_changes(folder: Path, seed: int) -> Row:
    """Each element renamed for good: the run fails, says so and names it, and heals later."""
    day = date(2026, 3, 4)
    corpus = Corpus.generate(seed=seed, first=date(2026, 2, 2), last=date(2026, 3, 9), per_day=30)
    calm = _desk(folder / "unchanged", corpus)
    calm.run_on(day)
    row = Row("an API change: an element renamed")
    for old, new in ELEMENTS:
        row.tried += 1
        how = f"<{old}> renamed to <{new}>"
        desk = _desk(folder / f"renamed-{old.replace(':', '-')}", corpus)
        desk.arxiv.fail(Fault.renamed(old, new, times=None))
        report = desk.run_on(day)
        told = report.failure.message if report.failure else ""
        if report.exit_code != 1 or "changed" not in told or old.rpartition(":")[2] not in told:
            row.ended_badly(how, f"exit {report.exit_code}: {told or 'no failure'}")
        row.half += len(desk.files())
        mended = Desk(desk.folder, corpus, environ={"DIGEST_ARXIV__PAGE_SIZE": _PAGE_SIZE})
        mended.run(at=desk.now + timedelta(hours=6))
        row.compare(mended.files(), calm.files(), how)
    return row


def _desk(folder: Path, corpus: Corpus) -> Desk:
    environ = {"DIGEST_ARXIV__PAGE_SIZE": _PAGE_SIZE, "DIGEST_ARXIV__ATTEMPTS": "3"}
    return Desk(folder, corpus, topics=_TOPIC, environ=environ)


_Weather = Callable[[Desk, Corpus, date, Random], bool]


def _year(
    folder: Path,
    corpus: Corpus,
    days: list[date],
    expected: dict[str, bytes],
    seed: int,
    weather: _Weather,
    name: str,
) -> Row:
    chance = Random(seed)
    row = Row(f"a year of {len(days)} days: {name}")
    desk = _desk(folder, corpus)
    desk.now = morning(days[0])
    lags = False
    for day in days:
        lagged, lags = lags, weather(desk, corpus, day, chance)
        for hours in _RUNS:
            how = f"seed {seed}, {name}, {day} at {hours} h"
            try:
                report = desk.run(at=max(desk.now, morning(day) + timedelta(hours=hours)))
            except (DigestError, OSError, ValueError, LookupError) as error:
                row.ended_badly(how, f"{type(error).__name__}: {error}")
                continue
            if report.exit_code not in (0, 1, 3):
                row.ended_badly(how, f"exit {report.exit_code}")
            for done in report.days:
                # An index that lags is whole in itself; the next day's ids show what it lacked.
                false = done.state == "complete" and not (lags or lagged)
                if false and desk.path(done.day).read_bytes() != expected[f"{done.day}.md"]:
                    row.half += 1
                    row.problems.append(f"{how}: {done.day} told complete, and is not")
    row.tried = len(desk.arxiv.log)
    desk.arxiv = Simulator(corpus, now=desk.clock)
    _settle(desk, days)
    row.compare(desk.files(), expected, f"seed {seed}, {name}")
    return row


def _faults(desk: Desk, corpus: Corpus, day: date, chance: Random) -> bool:
    """One to four kinds of faults on every second day; tells whether the index will lag."""
    if chance.random() < 1 / 2:
        return False
    kinds = chance.choices(sorted(KINDS), k=chance.randint(1, 4))
    for kind in kinds:
        fault = KINDS[kind](chance.randint(1, 6), morning(day), chance)
        if kind == "poison":
            fault = Fault.poison(chance.choice(corpus.papers(day)).id, times=chance.randint(1, 30))
        desk.arxiv.fail(fault)
    return "stale" in kinds


def _outages(desk: Desk, _: Corpus, day: date, chance: Random) -> bool:
    """Now and then arXiv is away, or answers as if it had nothing, for hours or days."""
    if chance.random() < 1 / 8:
        until = morning(day) + timedelta(hours=chance.choice((1, 5, 8, 20, 30, 55, 80)))
        make = chance.choice((Fault.reset, Fault.hang, Fault.outage, Fault.empty_page, _busy))
        desk.arxiv.fail(make(times=None, when=lambda _: desk.now < until))
    return False


def _busy(**when: object) -> Fault:
    return Fault.status(503, **when)  # type: ignore[arg-type]


def _settle(desk: Desk, days: list[date]) -> None:
    """Ids that arXiv never gave out are settled some days later."""
    for after in (1, 6, 12):
        desk.backfill(
            days[0], days[-1], at=max(desk.now, morning(days[-1])) + timedelta(days=after)
        )
