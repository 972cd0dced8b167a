"""The real command in processes of its own, as a shell starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


def members(group: click.Group) -> dict[str, click.Command]:
    """The commands of a group by name."""
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    assert None not in found.values()
    return {name: command for name, command in found.items() if command}


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without overrides that the caller's shell may have."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("DIGEST_")}
    return kept | variables


def digest(
    *arguments: str, folder: Path = Path(), **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        (sys.executable, "-m", "digest", *arguments),
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@contextmanager
def running(
    *arguments: str, folder: Path = Path(), **variables: str
) -> Iterator[subprocess.Popen[str]]:
    """A command that goes on; it is killed at the end if it has not ended by then."""
    with subprocess.Popen(
        (sys.executable, "-m", "digest", *arguments),
        cwd=folder,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
