"""Ask PyPI whether a locked dependency has a known weakness; without a network, say so instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

INDEX = "https://pypi.org/simple/"
LOCK = Path(__file__).parent.parent / "requirements.lock"

#: For the index to answer at all, and for the whole audit.
_FIRST_SECONDS = 3.0
_ALL_SECONDS = 120.0


def main(index: str = INDEX) -> int:
    """The exit code: 1 if a weakness is known, or if the lock file cannot be audited."""
    if not reachable(index):
        return skipped("the index cannot be reached")
    command = (sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--timeout", "5")
    options = ("--require-hashes", "--disable-pip", "--requirement", str(LOCK))
    try:
        code = subprocess.run((*command, *options), timeout=_ALL_SECONDS, check=False).returncode
    except subprocess.TimeoutExpired:
        return skipped("the index is too slow")
    # pip-audit ends in the same way for a weakness and for an index that went away.
    return skipped("the index was lost") if code and not reachable(index) else code


def reachable(index: str) -> bool:
    """Whether the index answers."""
    try:
        with urlopen(index + "pip/", timeout=_FIRST_SECONDS):  # noqa: S310  https, see INDEX
            return True
    except OSError:
        return False


def skipped(why: str) -> int:
    """Say that nothing was audited, which is no failure."""
    print(f"pip-audit skipped: {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
