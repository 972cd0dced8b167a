"""Entries of new workspaces, and a name that nothing may stumble over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import Distribution
from pathlib import Path

from digest.config import load
from digest.config.workspace import create
from digest.runs.install import Entry, entry

HOSTILE = "pa pers 50% \\% \\\\ \\$HOME `id` $(id) 'q' \"d\" ;&|<>*?~#! é 日本 🙂"

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Installed(Distribution):
    """A distribution with the record of where it was installed from (PEP 610)."""

    def __init__(self, url: str, **more: object) -> None:
        self._record = json.dumps({"url": url, **more})

    def read_text(self, filename: str) -> str | None:
        return self._record if filename == "direct_url.json" else None

    def locate_file(self, path: object) -> Path:
        raise NotImplementedError


FROM_GIT = Installed("https://example.org/digest.git", vcs_info={"commit_id": COMMIT})


def made(kind: str, workspace: Path, environ: Mapping[str, str] | None = None) -> Entry:
    """The entry for a new workspace."""
    create(workspace)
    variables = {"HOME": "/home/you", **(environ or {})}
    config = load(workspace, {})
    found, _ = entry(kind, workspace, config, variables, ("/opt/digest",), FROM_GIT)
    return found
