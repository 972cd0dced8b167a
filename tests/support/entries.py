"""Entries of new workspaces, and a name that nothing may stumble over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from digest.config import load
from digest.config.workspace import create
from digest.runs.install import Entry, entry

HOSTILE = "pa pers 50% \\% \\\\ \\$HOME `id` $(id) 'q' \"d\" ;&|<>*?~#! é 日本 🙂"


def made(kind: str, workspace: Path, environ: Mapping[str, str] | None = None) -> Entry:
    """The entry for a new workspace."""
    create(workspace)
    variables = {"HOME": "/home/you", **(environ or {})}
    found, _ = entry(kind, workspace, load(workspace, {}), variables, ("/opt/digest",))
    return found
