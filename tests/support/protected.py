"""A folder that a process may only read, also where the tests are run by root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from command import environment

#: What lets root write everywhere; without it permissions hold for root, too.
_POWERS = "-dac_override,-dac_read_search"


@contextmanager
def protected(folder: Path) -> Iterator[None]:
    """Take the permission to write from a folder and all in it."""
    paths = [folder, *folder.rglob("*")]
    before = {path: path.stat().st_mode for path in paths}
    for path, mode in before.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in before.items():
            path.chmod(mode)


def obeying(*command: str) -> Sequence[str]:
    """A command for which permissions hold. Skips the test where there is no way."""
    if os.name != "posix":
        pytest.skip("permissions are POSIX's")
    if os.geteuid():
        return command
    setpriv = shutil.which("setpriv")
    if not setpriv:
        pytest.skip("this user may write everywhere, and setpriv is not installed")
    return (setpriv, f"--bounding-set={_POWERS}", f"--inh-caps={_POWERS}", *command)


def python(code: str, *arguments: str, **variables: str) -> str:
    """What a program in a process for which permissions hold prints; it finds no arXiv."""
    settings = {
        "DIGEST_ARXIV__API_URL": "http://127.0.0.1:1/api/query",
        "DIGEST_ARXIV__ATTEMPTS": "1",
        **variables,
    }
    done = subprocess.run(
        obeying(sys.executable, "-c", code, *arguments),
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
