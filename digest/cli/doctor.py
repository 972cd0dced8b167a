"""`digest doctor`."""

from __future__ import annotations

import os

import click

from digest.cli.options import workspace
from digest.cli.terminal import as_json, say, show, show_json


@click.command()
@click.option(
    "--live",
    is_flag=True,
    help="Also ask arXiv, in at most eight requests, whether its answers are as expected.",
)
@as_json
@click.pass_context
def doctor(context: click.Context, live: bool, as_json: bool) -> int:
    """Check the configuration, this machine, the network and, with --live, arXiv.

    One line for each check, with what to do. Nothing is changed. Exit code 1 if a check fails, 3 if
    arXiv does not answer.
    """
    from digest.app.doctor import diagnosis
    from digest.app.world import real_world
    from digest.cli.progress import progress

    world = real_world(os.environ, at_terminal=True)
    with progress() as shown:
        found = diagnosis(workspace(context), os.environ, world, shown, live=live)
    if as_json:
        show_json({"exit_code": found.exit_code, "requests": found.requests,
                   "checks": found.checks})  # fmt: skip
    else:
        show("\n".join(map(str, found.checks)))
        if live:
            say(f"\n{found.requests} requests to arXiv.")
    return found.exit_code
