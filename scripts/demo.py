"""`make demo`: the main job against the simulator; the digest is left in output/."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIGEST = (sys.executable, "-m", "digest")
FIRST_LINES = 12

#: The demo's own archive, so that invented papers never get into the one of `make digest`.
ARCHIVE = ROOT / "output" / ".demo.sqlite3"


def main() -> int:
    """Start the simulator, run once, show the digest, stop the simulator."""
    for leftover in ARCHIVE.parent.glob(f"{ARCHIVE.name}*"):
        leftover.unlink()
    # What the simulator tells about its use is for people; here a script uses it.
    with subprocess.Popen(
        (*DIGEST, "simulate"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as simulator:
        try:
            assert simulator.stdout is not None  # noqa: S101  it is a pipe
            _, _, url = simulator.stdout.readline().strip().partition("=")
            return run_once(url)
        finally:
            simulator.terminate()


def run_once(url: str) -> int:
    """Run the main job on the arXiv at an address; returns the exit code."""
    environ = os.environ | {
        "DIGEST_ARXIV__API_URL": url,
        "DIGEST_ARXIV__DELAY_SECONDS": "0",
        "DIGEST_DIGEST__ARCHIVE": str(ARCHIVE),
    }
    command = (*DIGEST, "-C", str(ROOT), "run", "--json")
    result = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode == 0:
        path = Path(json.loads(result.stdout)["days"][-1]["path"])
        lines = path.read_text(encoding="utf-8").splitlines()
        print(
            f"\nThe digest of invented papers is {path.relative_to(ROOT)} ({len(lines)} lines):\n"
        )
        print("\n".join(lines[:FIRST_LINES]))
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
