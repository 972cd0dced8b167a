"""Entries for what starts programs at set times: cron, systemd, launchd, GitHub Actions.

    [schedule] ──weekly──▶ times of a week ──▶ Job ──entry──▶ text to print, or to put in its place

Nothing but `files` and `crontab` changes anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from importlib.metadata import Distribution
from pathlib import Path
from typing import Protocol

from digest.config import Config
from digest.runs.install import cron, github, launchd, systemd
from digest.runs.install.job import Job, carried, checked, left_out, name_of
from digest.runs.install.origin import address
from digest.runs.install.times import busy_times, clock, second_runs, weekly


class Entry(Protocol):
    """Something that starts the runs of one workspace."""

    @property
    def text(self) -> str:
        """The entry as it is printed, without a line end after it."""

    def write(self) -> Sequence[str]:
        """Put it in its place; returns what was done, a line each.

        Raises UsageError if something of others is in that place, and WriteError.
        """

    @property
    def advice(self) -> str:
        """What is left to do for a person after `write`; empty if nothing is."""


def entry(
    kind: str,
    workspace: Path,
    config: Config,
    environ: Mapping[str, str],
    program: Sequence[str],
    installed: Distribution,
) -> tuple[Entry, tuple[str, ...]]:
    """The entry of one kind for a workspace, and notes about it.

    `kind` is `cron`, `systemd`, `github-actions` or `launchd`; `program` are the words that start
    this program here, `installed` is its distribution. Raises UsageError.
    """
    folder = checked(workspace.resolve())
    name = name_of(folder)
    zone = config.schedule.timezone
    times = second_runs(weekly(config.schedule.cron, name), zone)
    notes = [
        f"{time} {zone} is within the hours after 20:00 New York, when arXiv is busiest; "
        "choose another time with [schedule] cron in config/digest.toml"
        for time in busy_times(times, zone)
    ]
    if kind == "github-actions":
        utc = clock(times, zone, UTC)
        work = github.workflow(folder, config, utc, lambda: address(installed))
        return work, tuple(notes)
    notes += left_out(environ)
    job = Job(
        name=name,
        workspace=folder,
        program=tuple(checked(word) for word in program),
        environment=carried(environ),
        times=times if kind == "systemd" else clock(times, zone, None),
        timezone=zone,
    )
    home = Path(environ.get("HOME") or Path.home())
    if kind == "systemd":
        settings = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
        return systemd.units(job, settings / "systemd" / "user"), tuple(notes)
    if kind == "launchd":
        return launchd.agent(job, home / "Library" / "LaunchAgents"), tuple(notes)
    return cron.Crontab(job), tuple(notes)
