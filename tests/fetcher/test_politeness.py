"""Three seconds between two requests, kept by all processes of a machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from asking import Clock
from hypothesis import given
from hypothesis import strategies as st

from digest.fetcher.politeness import Politeness
from digest.model.errors import Unavailable

DELAY = 3.0


def politeness(folder: Path, clock: Clock, host: str = "arxiv.invalid") -> Politeness:
    return Politeness(folder, host, DELAY, now=clock, sleep=clock.sleep)


@contextmanager
def request(polite: Politeness, clock: Clock, lasts: float = 0.0) -> Iterator[None]:
    with polite.turn():
        clock.now += timedelta(seconds=lasts)
        yield


def test_the_first_request_of_all_waits_for_nothing(tmp_path: Path) -> None:
    clock = Clock()
    with request(politeness(tmp_path / "new" / "folder", clock), clock):
        assert clock.slept == []


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10), st.booleans()), max_size=8))
def test_three_seconds_pass_from_the_end_of_one_to_the_start_of_the_next(
    requests: list[tuple[float, float, bool]],
) -> None:
    clock = Clock()
    ended: datetime | None = None
    with TemporaryDirectory() as folder:
        # Two instances, as in two processes.
        both = politeness(Path(folder), clock), politeness(Path(folder), clock)
        for idle, lasts, other in requests:
            clock.now += timedelta(seconds=idle)
            asked = clock.now
            with request(both[other], clock):
                earliest = ended + timedelta(seconds=DELAY) if ended else asked
                assert abs(clock.now - max(asked, earliest)) < timedelta(milliseconds=1)
                clock.now += timedelta(seconds=lasts)
            ended = clock.now


def test_a_request_that_fails_starts_the_delay_like_any_other(tmp_path: Path) -> None:
    clock = Clock()
    polite = politeness(tmp_path, clock)
    with pytest.raises(ZeroDivisionError), request(polite, clock, lasts=60):
        raise ZeroDivisionError
    with request(polite, clock):
        assert clock.slept == [DELAY]


def test_a_request_that_reached_nobody_starts_no_delay(tmp_path: Path) -> None:
    clock = Clock()
    polite = politeness(tmp_path, clock)
    for _ in range(2):
        with pytest.raises(Unavailable), request(polite, clock):
            raise Unavailable("no route", is_unreachable=True)
    assert clock.slept == []
    with pytest.raises(Unavailable), request(polite, clock):
        raise Unavailable("busy")
    with request(polite, clock):
        assert clock.slept == [DELAY]


def test_hosts_do_not_wait_for_each_other(tmp_path: Path) -> None:
    clock = Clock()
    with request(politeness(tmp_path, clock), clock):
        pass
    with request(politeness(tmp_path, clock, "127.0.0.1-8000"), clock):
        assert clock.slept == []


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=2), timedelta(days=9999)])
def test_a_clock_set_back_never_waits_longer_than_the_delay(
    back: timedelta, tmp_path: Path
) -> None:
    clock = Clock()
    with request(politeness(tmp_path, clock), clock):
        pass
    clock.now -= back
    with request(politeness(tmp_path, clock), clock):
        assert clock.slept == [DELAY]


@pytest.mark.parametrize("stamp", [b"", b"yesterday", b"\xff\xfe", b"2026-03", bytes(1000)])
def test_a_stamp_that_cannot_be_read_may_have_been_just_now(stamp: bytes, tmp_path: Path) -> None:
    (tmp_path / "arxiv.invalid.last").write_bytes(stamp)
    clock = Clock()
    with request(politeness(tmp_path, clock), clock):
        assert clock.slept == [DELAY]
    with request(politeness(tmp_path, clock), clock):
        assert clock.slept == [DELAY, DELAY]


def test_a_stamp_without_a_time_zone_is_utc(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 3, 10, 12, 0, 1, tzinfo=UTC))
    (tmp_path / "arxiv.invalid.last").write_text("2026-03-10T12:00:00")
    with request(politeness(tmp_path, clock), clock):
        assert clock.slept == [2.0]


def test_a_folder_that_cannot_be_made_is_a_warning_and_the_delay_is_kept(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    clock = Clock()
    polite = politeness(blocked / "cache", clock)
    for _ in range(2):
        with request(polite, clock):
            pass
    assert clock.slept == [DELAY, DELAY]
    assert str(blocked) in polite.warning
    assert "XDG_CACHE_HOME" in polite.warning


def test_a_time_that_cannot_be_written_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "arxiv.invalid.last").mkdir()
    clock = Clock()
    polite = politeness(tmp_path, clock)
    for _ in range(2):
        with request(polite, clock):
            pass
    assert clock.slept[-1] == DELAY
    assert "XDG_CACHE_HOME" in polite.warning


def test_another_process_that_does_not_end_is_named_after_a_limit(tmp_path: Path) -> None:
    clock = Clock()
    other = Politeness(tmp_path, "arxiv.invalid", DELAY, now=clock, sleep=clock.sleep, longest=0.0)
    with (
        request(politeness(tmp_path, clock), clock),
        pytest.raises(Unavailable, match="another process of yours") as caught,
        other.turn(),
    ):
        pass
    assert str(tmp_path) in caught.value.hint


def test_what_goes_wrong_in_the_request_is_not_taken_for_a_broken_folder(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError), politeness(tmp_path, Clock()).turn():
        raise ConnectionError


PROCESS = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from digest.fetcher.politeness import Politeness

polite = Politeness(
    Path(sys.argv[1]), "host", 0.02, now=lambda: datetime.now(UTC), sleep=time.sleep
)
for _ in range(5):
    with polite.turn():
        start = time.time()
        time.sleep(0.005)
        print(start, time.time())
"""


def test_processes_take_turns(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            (sys.executable, "-c", PROCESS, str(tmp_path)), stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    lines = [line for process in processes for line in process.communicate()[0].splitlines()]
    assert [process.returncode for process in processes] == [0, 0]
    turns = sorted(tuple(map(float, line.split())) for line in lines)
    assert len(turns) == 10
    pauses = [later[0] - earlier[1] for earlier, later in pairwise(turns)]
    assert min(pauses) >= 0.019
