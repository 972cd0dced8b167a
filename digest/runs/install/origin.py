"""Where this program was installed from, as an address that pip can install it from again."""

from __future__ import annotations

import json
import re
import subprocess
from importlib.metadata import Distribution
from urllib.parse import unquote, urlsplit

from digest.model.errors import UsageError

#: Addresses that git takes beside URLs: `git@example.org:you/papers.git`.
_SCP = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!//)/?(.+)")
_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def address(installed: Distribution) -> str:
    """`git+https://…@COMMIT`, always by HTTPS: who installs from it has no key for SSH.

    It is read from the record of the installation (PEP 610), or from the clone that was
    installed. Raises UsageError if there is neither.
    """
    record = json.loads(installed.read_text("direct_url.json") or "{}")
    commit = record.get("vcs_info", {}).get("commit_id", "")
    remote = record.get("url", "")
    if "dir_info" in record:
        clone = unquote(urlsplit(remote).path)
        commit, remote = (
            _git(clone, "rev-parse", "HEAD"),
            _git(clone, "remote", "get-url", "origin"),
        )
    found = _https(remote)
    if not found or not _COMMIT.fullmatch(commit):
        raise UsageError(
            "install github-actions: the git address that this program was installed from is "
            "unknown, and the workflow has to install it from there",
            hint="Install it from a git repository, with `python -m pip install "
            "git+https://…@COMMIT` or from a clone that has a remote `origin`, and run this again.",
        )
    return f"git+{found}@{commit}"


def _git(clone: str, *words: str) -> str:
    """What git prints about a clone; empty where it fails."""
    try:
        ended = subprocess.run(  # noqa: S603  its words are constants but for the folder
            ["git", "-C", clone, *words],  # noqa: S607  where git is differs between systems
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return ended.stdout.strip() if ended.returncode == 0 else ""


def _https(remote: str) -> str:
    """A remote address by HTTPS and without passwords; empty for a folder of this machine."""
    parts = urlsplit(remote)
    if parts.scheme in ("https", "ssh", "git") and parts.hostname:
        port = f":{parts.port}" if parts.port and parts.scheme == "https" else ""
        return f"https://{parts.hostname}{port}{parts.path}"
    match = _SCP.fullmatch(remote)
    return f"https://{match[1]}/{match[2]}" if match and not parts.netloc else ""
