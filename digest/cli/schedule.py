"""`digest schedule`."""

from __future__ import annotations

import os
import sys

import click

from digest.cli.options import workspace
from digest.cli.signals import Terminated, end_within
from digest.cli.terminal import show

#: Service managers and containers kill what has not ended after ten seconds or more.
_SECONDS_TO_END = 1.5


@click.command()
@click.option(
    "--next",
    "count",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Print the next N times, and end.",
)
@click.option(
    "--log-format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How messages are written to standard error.",
)
@click.pass_context
def schedule(context: click.Context, count: int | None, form: str) -> None:
    """Stay up, and run by [schedule] of config/digest.toml.

    Runs at its start as well, and again after growing pauses as long as something is open. Reads
    the configuration again when it has changed. SIGTERM and Ctrl-C end it with exit code 0 within
    two seconds, also in the middle of a run; the next start goes on from there.
    """
    from digest.app.world import real_world
    from digest.config.reloading import CurrentConfig

    world = real_world(os.environ)
    current = CurrentConfig(workspace(context), os.environ)
    if count:
        from digest.config.cron import next_times
        from digest.runs.service import time_line

        settings = current.config.schedule
        times = next_times(settings.cron, settings.timezone, world.now(), count)
        show("\n".join(map(time_line, times)))
        return
    from digest.app import App
    from digest.cli.logs import log_to
    from digest.cli.progress import Lines
    from digest.runs.alarm import Alarm
    from digest.runs.service import Service

    end_within(_SECONDS_TO_END)
    log = log_to(sys.stderr, form)
    try:
        with Alarm(world.now) as alarm:
            Service(
                current,
                alarm,
                lambda config: App(config, world).run(None, None, Lines(log)),
                log,
                world.now,
            ).serve()
    except (KeyboardInterrupt, Terminated):
        log.info("stopped", extra={"fields": {"event": "stopped"}})
