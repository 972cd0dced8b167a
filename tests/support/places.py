"""Where the project's own files are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
GOLDEN = TESTS / "golden"
TEMPLATE = (ROOT / "templates" / "digest.md.j2").read_text(encoding="utf-8")
