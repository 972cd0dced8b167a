"""Random histories: a few days of runs and backfills, in every scope, with answers that lie.

No day may be told complete that differs from an undisturbed workspace's, and when arXiv is well
again every file must be the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random

from desk import Desk, morning

from campaign.result import Row
from digest.fetcher.calendar import Calendar
from digest.model.errors import DigestError
from digest.model.reports import DayState, RunReport
from digest.simulator import Corpus, Fault, Simulator

_TOPIC = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'
_DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 9))
_CORPORA = 5
SCOPES = {"all": "all", "categories": '["cs.*", "math.*"]', "topics": "topics"}

#: A fault, from the first request that it may hit, the desk's clock and chance.
_Make = Callable[[int, Desk, Random], list[Fault]]

KINDS: dict[str, _Make] = {
    "outage": lambda at, _, chance: [Fault.outage(after=at, times=chance.randint(1, 3))],
    "short": lambda at, _, chance: _short(at, chance.randint(1, 4)),
    "500": lambda at, _, chance: [Fault.status(500, after=at, times=chance.randint(1, 9))],
    "429 and 500": lambda at, _, __: [
        Fault.status(429, after=at, times=4),
        Fault.status(500, after=at + 4, times=1),
    ],
    "hang": lambda at, _, chance: [Fault.hang(after=at, times=chance.randint(1, 7))],
    "shard": lambda _, desk, chance: [
        Fault.lost_shard(
            desk.now + timedelta(hours=chance.randint(2, 60)), parts=chance.randint(2, 5)
        )
    ],
    "lag": lambda _, desk, chance: [
        Fault.stale(
            desk.now + timedelta(hours=chance.randint(2, 30)),
            hours=chance.choice((7.0, 20.0)),
            index_only=True,
        )
    ],
    "no lists": lambda _, __, chance: [
        Fault.status(503, times=chance.randint(1, 6), when=lambda asked: "verb" in asked)
    ],
}


def campaign(
    folder: Path, tries: int, seed: int, scopes: Collection[str] = tuple(SCOPES)
) -> Iterator[Row]:
    """So many histories; each is made again by its number and the seed."""
    for scope in scopes:
        row = Row(f"random histories: {scope}")
        for number in range(tries // len(scopes)):
            chance = Random(f"{seed} {scope} {number}")
            _history(folder / f"{scope}-{number}", folder, scope, chance, row, number)
        yield row


def _history(own: Path, folder: Path, scope: str, chance: Random, row: Row, number: int) -> None:
    corpus = chance.randrange(_CORPORA)
    expected = _expected(folder, scope, corpus)
    desk = _desk(own, scope, corpus)
    row.tried += 1
    for day in _DAYS:
        desk.now = max(desk.now, morning(day))
        kinds = chance.choices(sorted(KINDS), k=chance.choice((0, 0, 1, 1, 2)))
        for kind in kinds:
            desk.arxiv.fail(*KINDS[kind](len(desk.arxiv.log) + chance.randint(0, 9), desk, chance))
        for hours in chance.choice(((0,), (0, 5), (1, 6, 11), ())):
            how = f"{scope} {number}: {day} at {hours} h, {kinds}"
            at = max(desk.now, morning(day) + timedelta(hours=hours))
            _checked(desk, partial(desk.run, at=at), expected, how, row)
    desk.arxiv = Simulator(_corpus(corpus), now=desk.clock)
    for after in (1, 6):
        now = max(desk.now, morning(_DAYS[-1])) + timedelta(days=after)
        how = f"{scope} {number}: settled"
        _checked(desk, partial(desk.backfill, _DAYS[0], _DAYS[-1], at=now), expected, how, row)
    row.compare(desk.files(), expected, f"{scope} {number}")


def _checked(
    desk: Desk, run: Callable[[], RunReport], expected: dict[str, bytes], how: str, row: Row
) -> None:
    try:
        report = run()
    except (DigestError, OSError, ValueError, LookupError) as error:
        row.ended_badly(how, f"{type(error).__name__}: {error}")
        return
    for done in report.days:
        name = f"{done.day}.md"
        if done.state == DayState.COMPLETE and desk.files().get(name) != expected.get(name):
            row.half += 1
            row.problems.append(f"{how}: {done.day} told complete, and is not")


@cache
def _corpus(number: int) -> Corpus:
    first, last = date(2025, 12, 1), date(2026, 3, 20)
    return Corpus.generate(seed=number, first=first, last=last, per_day=40, revised=0.1)


@cache
def _expected(folder: Path, scope: str, number: int) -> dict[str, bytes]:
    desk = _desk(folder / f"calm-{scope}-{number}", scope, number)
    for day in _DAYS:
        desk.run_on(day)
    desk.backfill(_DAYS[0], _DAYS[-1], at=morning(_DAYS[-1]) + timedelta(days=7))
    return desk.files()


def _desk(folder: Path, scope: str, number: int) -> Desk:
    environ = {"DIGEST_ARXIV__SCOPE": SCOPES[scope], "DIGEST_ARXIV__PAGE_SIZE": "30"}
    return Desk(folder, _corpus(number), topics=_TOPIC, environ=environ)


def _short(at: int, missing: int) -> list[Fault]:
    """An answer that lacks papers, with a total that agrees."""
    return [
        Fault.short_page(missing=missing, after=at, times=1),
        Fault.moving_total(by=-missing, after=at, times=1),
    ]
