"""Digests made by several processes: the same ones, whatever becomes of the processes."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from command import environment
from desk import Desk
from workers import CORPUS, DAYS, PERIODS, TOPICS, together

from digest.app.parts import Parts
from digest.app.world import real_world
from digest.model.errors import TemplateError
from digest.writer.workers import LEAST, Make, processors

#: Makes digests with two processes, tells their numbers when both work, and goes on for ever.
ENDLESS = """
import multiprocessing, os, sys
from pathlib import Path
from digest.config import load
from digest.app.parts import Parts
from digest.app.world import real_world
from workers import PERIODS, together

if __name__ == "__main__":
    config = load(Path(sys.argv[1]), {})
    parts = Parts(config, real_world())
    with parts.opened() as archive:
        for made in together(config, parts.make(archive), PERIODS):
            print(*(child.pid for child in multiprocessing.active_children()), flush=True)
            sys.stdin.read()
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A workspace with a digest for each of six days."""
    desk = Desk(tmp_path_factory.mktemp("made"), CORPUS, topics=TOPICS)
    for day in DAYS:
        desk.run_on(day)
    return desk


@pytest.fixture
def make(desk: Desk) -> Iterator[Make]:
    """What makes the digests in this process."""
    parts = Parts(desk.config, real_world())
    with parts.opened() as archive:
        yield parts.make(archive)


def test_two_processes_make_the_digests_that_one_makes(desk: Desk, make: Make) -> None:
    assert list(together(desk.config, make, PERIODS)) == list(map(make, PERIODS))
    assert not multiprocessing.active_children()


def test_digests_that_are_not_wanted_any_more_are_not_waited_for(desk: Desk, make: Make) -> None:
    with closing(together(desk.config, make, PERIODS * 100)) as made:
        assert next(made) == make(PERIODS[0])
    assert not multiprocessing.active_children()


def test_when_a_process_is_killed_the_digests_come_all_the_same(desk: Desk, make: Make) -> None:
    many = PERIODS * 50  # more than are made before the blow
    made = together(desk.config, make, many)
    found = [next(made)]
    for child in multiprocessing.active_children():
        child.kill()
    found += made
    assert found == list(map(make, PERIODS)) * 50


def test_what_goes_wrong_in_a_process_is_told_as_ever(desk: Desk, make: Make) -> None:
    template = desk.folder / "templates/digest.md.j2"
    sound = template.read_text(encoding="utf-8")
    template.write_text("{{ nonsense }}", encoding="utf-8")
    try:
        with pytest.raises(TemplateError) as caught:
            list(together(desk.config, make, PERIODS))
    finally:
        template.write_text(sound, encoding="utf-8")
    assert "nonsense" in caught.value.message
    assert caught.value.hint


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux to wait for a process")
def test_the_processes_end_with_the_one_that_started_them(desk: Desk, tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS, encoding="utf-8")
    paths = os.pathsep.join(sys.path)
    with subprocess.Popen(
        (sys.executable, str(script), str(desk.folder)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(PYTHONPATH=paths),
    ) as parent:
        assert parent.stdout
        workers = [os.pidfd_open(int(number)) for number in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
    assert len(workers) == 2
    for worker in workers:
        ended, _, _ = select.select([worker], [], [], 20)
        os.close(worker)
        assert ended


def test_many_digests_are_shared_among_the_processors_and_few_are_not(
    desk: Desk, make: Make
) -> None:
    parts = Parts(desk.config, real_world())
    for number, shared in ((LEAST - 1, 1), (LEAST, processors())):
        periods = (PERIODS * LEAST)[:number]
        with parts.opened() as archive, closing(parts.made(archive, make, periods)) as made:
            assert next(made) == make(periods[0])
            assert len(multiprocessing.active_children()) == (shared if shared > 1 else 0)
            assert sum(1 for _ in made) == number - 1
