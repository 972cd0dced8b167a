"""`make demo`: the main job against the simulator; the digest is left in output/."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from simulated import DIGEST, simulated_arxiv

ROOT = Path(__file__).parents[1]
FIRST_LINES = 12

#: The demo's own archive, so that invented papers never get into the one of `make digest`.
ARCHIVE = ROOT / "output" / ".demo.sqlite3"


def main() -> int:
    """Start the simulator, run once, show the digest, stop the simulator."""
    for leftover in ARCHIVE.parent.glob(f"{ARCHIVE.name}*"):
        leftover.unlink()
    with simulated_arxiv() as environ:
        return run_once(environ | {"DIGEST_DIGEST__ARCHIVE": str(ARCHIVE)})


def run_once(environ: dict[str, str]) -> int:
    """Run the main job in an environment; returns the exit code."""
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
