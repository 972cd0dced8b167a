"""Ask PyPI whether a locked dependency has a known weakness; where it cannot answer, say so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

INDEX = "https://pypi.org/simple/"
LOCK = Path(__file__).parent.parent / "requirements.lock"

#: For the index to answer at all, and for the whole audit.
_FIRST_SECONDS = 3.0
_ALL_SECONDS = 60.0


def main(index: str = INDEX) -> int:
    """The exit code: 1 if a weakness is known."""
    if not reachable(index):
        return skipped("the index cannot be reached")
    command = (sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--timeout", "5")
    options = ("--require-hashes", "--disable-pip", "--format", "json", "--requirement", str(LOCK))
    try:
        ended = subprocess.run(
            (*command, *options), timeout=_ALL_SECONDS, check=False, capture_output=True, text=True
        )
    except subprocess.TimeoutExpired:
        return skipped("the index is too slow")
    return told(ended.stdout, ended.stderr)


def told(report: str, errors: str) -> int:
    """Print what pip-audit found; it gives no report where an answer did not come."""
    try:
        dependencies = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return skipped((errors.strip().splitlines() or ["pip-audit said nothing"])[-1][:200])
    known = [
        f"{one['name']} {one['version']}: {weakness['id']}, mended in "
        f"{', '.join(weakness['fix_versions']) or 'no version yet'}"
        for one in dependencies
        for weakness in one.get("vulns", ())
    ]
    print("\n".join([*known, f"{len(dependencies)} dependencies, {len(known)} known weaknesses"]))
    return int(bool(known))


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
