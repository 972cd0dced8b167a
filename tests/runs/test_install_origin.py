"""The address from which a workflow installs this program."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from entries import COMMIT, Installed

from digest.model.errors import UsageError
from digest.runs.install.origin import address


def test_an_installation_from_git_is_repeated_at_its_commit() -> None:
    installed = Installed("https://example.org/you/digest", vcs_info={"commit_id": COMMIT})

    assert address(installed) == f"git+https://example.org/you/digest@{COMMIT}"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("https://example.org:8443/you/digest.git", "https://example.org:8443/you/digest.git"),
        ("https://you:secret@example.org/digest", "https://example.org/digest"),
        ("ssh://git@example.org:2222/you/digest.git", "https://example.org/you/digest.git"),
        ("git@example.org:you/digest.git", "https://example.org/you/digest.git"),
    ],
)
def test_a_clone_is_installed_from_its_origin_by_https_without_passwords(
    tmp_path: Path, remote: str, expected: str
) -> None:
    commit = clone(tmp_path / "a clone", remote)

    found = address(Installed((tmp_path / "a clone").as_uri(), dir_info={"editable": True}))

    assert found == f"git+{expected}@{commit}"


@pytest.mark.parametrize("remote", ["", "/srv/git/digest", "file:///srv/git/digest", "../digest"])
def test_a_clone_without_an_address_for_others_is_refused(tmp_path: Path, remote: str) -> None:
    clone(tmp_path, remote)

    with pytest.raises(UsageError, match="is unknown"):
        address(Installed(tmp_path.as_uri(), dir_info={}))


def test_an_installation_from_a_file_is_refused() -> None:
    with pytest.raises(UsageError, match="git address that this program was installed from"):
        address(Installed("file:///tmp/digest.whl", archive_info={}))


def clone(folder: Path, remote: str) -> str:
    """A repository with one commit, which is returned, and a remote."""
    folder.mkdir(exist_ok=True)
    git(folder, "init", "--quiet")
    git(
        folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--allow-empty", "-qm", "One"
    )
    if remote:
        git(folder, "remote", "add", "origin", remote)
    return git(folder, "rev-parse", "HEAD")


def git(folder: Path, *words: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        ["git", "-C", str(folder), *words],  # noqa: S607
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
