"""`--wait`: for how long a command lets another one work on the workspace first."""

from __future__ import annotations

import click

from digest.cli.terminal import say

wait = click.option(
    "--wait",
    type=click.IntRange(min=0),
    default=0,
    metavar="SECONDS",
    help="How long to wait while another run works on the workspace. Default: 0.",
)


def say_waiting(seconds: float, why: str) -> None:
    """Tell that nothing will happen for a while."""
    say(f"Waiting for up to {seconds:.0f} s: {why}")
