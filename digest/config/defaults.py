"""The files a new workspace starts with, wherever this program is installed."""

from __future__ import annotations

from pathlib import Path

#: Every shipped file, named as it is placed in a workspace.
SHIPPED = (
    "config/digest.toml",
    "config/keywords.toml",
    "config/digest.schema.json",
    "config/keywords.schema.json",
    "templates/digest.md.j2",
    "templates/summary.md.j2",
)

_PACKAGE = Path(__file__).parents[1]


def shipped(name: str) -> str:
    """The text of one of `SHIPPED`."""
    installed = _PACKAGE / "defaults" / Path(name).name
    # A source checkout is itself a workspace and has no second copy of these files.
    path = installed if installed.is_file() else _PACKAGE.parent / name
    return path.read_text(encoding="utf-8")
