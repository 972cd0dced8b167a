"""For scripts: an arXiv of invented papers for as long as it is needed, and the program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

DIGEST = (sys.executable, "-m", "digest")


@contextmanager
def simulated_arxiv() -> Iterator[dict[str, str]]:
    """The environment in which the program asks an arXiv of invented papers, on this machine."""
    # What the simulator tells about its use is for people; here a script uses it.
    with subprocess.Popen(
        (*DIGEST, "simulate"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as simulator:
        try:
            assert simulator.stdout is not None  # noqa: S101  it is a pipe
            _, _, url = simulator.stdout.readline().strip().partition("=")
            asked = {"DIGEST_ARXIV__API_URL": url, "DIGEST_ARXIV__DELAY_SECONDS": "0"}
            yield os.environ | asked
        finally:
            simulator.terminate()
