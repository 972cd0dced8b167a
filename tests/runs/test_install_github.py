"""The workflow of `digest install github-actions`: GitHub's schema, and its steps as they run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from entries import COMMIT, FROM_GIT, HOSTILE, made
from ruamel.yaml import YAML

from digest.config import load
from digest.config.workspace import create
from digest.model.errors import UsageError
from digest.runs.install import entry

GIT = shutil.which("git") or ""


def workflow(text: str) -> dict[str, object]:
    """A workflow that GitHub's schema accepts."""
    read = YAML(typ="safe").load(text)
    schema = files("check_jsonschema") / "builtin_schemas/vendor/github-workflows.json"
    jsonschema.validate(read, json.loads(schema.read_text(encoding="utf-8")))
    return read  # type: ignore[no-any-return]


def steps(read: Mapping[str, object]) -> list[dict[str, str]]:
    return read["jobs"]["digest"]["steps"]  # type: ignore[index,no-any-return]


def test_the_workflow_fits_githubs_schema_and_asks_for_little(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    found = made("github-actions", tmp_path / HOSTILE)
    read = workflow(found.text)
    assert read["permissions"] == {}
    digest = read["jobs"]["digest"]  # type: ignore[index]
    assert digest["permissions"] == {"contents": "write"}
    assert digest["env"] == {"WORKSPACE": HOSTILE, "OUTPUT": f"{HOSTILE}/output"}
    assert set(read["on"]) == {"schedule", "workflow_dispatch"}  # type: ignore[call-overload]
    used = [step["uses"] for step in steps(read) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z/]+@[0-9a-f]{40}", action) for action in used)
    (each,) = read["on"]["schedule"]  # type: ignore[index]
    assert re.fullmatch(r"[0-9]+ 6,18 \* \* 1-5", each["cron"])
    assert set(read["concurrency"]) == {"group", "cancel-in-progress"}  # type: ignore[call-overload]


def test_the_steps_of_the_workflow_fill_a_cache_and_commit_what_is_new(tmp_path: Path) -> None:
    """The steps run as they are, with a program in the place of digest, twice."""
    remote, clone, temp = tmp_path / "remote.git", tmp_path / "clone", tmp_path / "temp"
    git(tmp_path, "init", "--quiet", "--bare", "-b", "main", str(remote))
    git(tmp_path, "clone", "--quiet", str(remote), str(clone))
    workspace = clone / "pa $pers"
    found = made("github-actions", workspace)
    (clone / ".gitignore").write_text("output/\n")
    git(clone, "add", ".")
    git(clone, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "Begin")
    git(clone, "push", "--quiet", "origin", "HEAD:main")
    program = temp / "venv/bin/digest"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\ntest "$DIGEST_DIGEST__ARCHIVE" && eval "$FAKE"\n')
    program.chmod(0o700)

    def act(fake: str) -> list[int]:
        return [
            subprocess.run(
                ["/bin/bash", "-eo", "pipefail", "-c", step["run"]],
                cwd=clone,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(tmp_path),
                    "RUNNER_TEMP": str(temp),
                    "GITHUB_WORKSPACE": str(clone),
                    "FAKE": fake,
                    **read["jobs"]["digest"]["env"],  # type: ignore[index]
                },
                capture_output=True,
                check=False,
            ).returncode
            for step in steps(read)
            if step["name"] in ("Make the digests", "Commit the digests")
        ]

    read = workflow(found.text)
    assert act("exit 0") == [0, 0]  # a quiet day: the folder of results is empty
    assert git(clone, "rev-list", "--count", "origin/main") == "1"
    assert act('echo one >"$2/output/one.md"; exit 3') == [0, 0]
    assert act('echo two >"$2/output/two.md"; exit 1') == [1, 0]
    assert git(clone, "rev-list", "--count", "origin/main") == "3"
    shown = git(clone, "ls-tree", "-r", "--name-only", "origin/main", "--", "pa $pers/output")
    assert shown.split("\n") == ["pa $pers/output/one.md", "pa $pers/output/two.md"]


def test_the_commit_has_the_digests_and_not_the_site(tmp_path: Path) -> None:
    remote, clone = tmp_path / "remote.git", tmp_path / "clone"
    git(tmp_path, "init", "--quiet", "--bare", "-b", "main", str(remote))
    git(tmp_path, "clone", "--quiet", str(remote), str(clone))
    create(clone)
    config = load(clone, {"DIGEST_SITE__ENABLED": "true"})
    found, _ = entry("github-actions", clone, config, {}, ("digest",), FROM_GIT)
    git(clone, "add", ".")
    git(clone, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "Begin")
    git(clone, "push", "--quiet", "origin", "HEAD:main")
    for name in ("one.md", "site/index.html", ".site/made.json"):
        path = clone / "output" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    (commit,) = [one for one in steps(workflow(found.text)) if one["name"] == "Commit the digests"]
    subprocess.run(
        ["/bin/bash", "-eo", "pipefail", "-c", commit["run"]],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "GITHUB_WORKSPACE": str(clone),
            "OUTPUT": "output",
        },
        check=True,
        capture_output=True,
    )
    shown = git(clone, "ls-tree", "-r", "--name-only", "origin/main", "--", "output")
    assert "output/one.md" in shown.split("\n")
    assert "site" not in shown


def git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        [GIT, *arguments],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def test_a_site_is_published_and_not_committed(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    create(tmp_path / "w")
    plain, _ = entry(
        "github-actions", tmp_path / "w", load(tmp_path / "w", {}), {}, ("digest",), FROM_GIT
    )
    config = load(tmp_path / "w", {"DIGEST_SITE__ENABLED": "true"})
    found, _ = entry("github-actions", tmp_path / "w", config, {}, ("digest",), FROM_GIT)
    read = workflow(found.text)
    publish = read["jobs"]["publish"]  # type: ignore[index]
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    used = [step["uses"] for step in (*steps(read), *publish["steps"]) if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40}", action) for action in used)
    assert any(step.get("name") == "Hand the site over" for step in steps(read))
    assert f'"arxiv-daily-digest[site] @ git+https://example.org/digest.git@{COMMIT}"' in found.text
    assert '"$OUTPUT/site" "$OUTPUT/.site"' in found.text
    assert "site" not in plain.text.lower().replace("opposite", "")
    assert set(workflow(plain.text)["jobs"]) == {"digest"}  # type: ignore[call-overload]


def test_a_clone_of_the_program_installs_itself(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "another"\n')
    assert '--quiet "arxiv-daily-digest @ git+' in made("github-actions", tmp_path / "a").text
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "arxiv-daily-digest"\n')
    assert '--quiet "."\n' in made("github-actions", tmp_path / "b").text


def test_what_a_run_needs_is_installed(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    create(tmp_path / "w")
    config = load(tmp_path / "w", {"DIGEST_FEED__ENABLED": "true"})
    found, _ = entry("github-actions", tmp_path / "w", config, {}, ("/opt/digest",), FROM_GIT)
    assert '--quiet "arxiv-daily-digest[feed] @ git+' in found.text


def test_what_github_cannot_do_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not part of a git repository"):
        made("github-actions", tmp_path / "a")
    (tmp_path / ".git").mkdir()
    with pytest.raises(UsageError, match="begins an expression"):
        made("github-actions", tmp_path / "${{ b }}")
    create(tmp_path / "c")
    config = load(tmp_path / "c", {"DIGEST_DIGEST__OUTPUT": str(tmp_path.parent)})
    with pytest.raises(UsageError, match="lies outside of the repository"):
        entry("github-actions", tmp_path / "c", config, {}, ("/opt/digest",), FROM_GIT)


def test_the_workflow_of_another_workspace_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    made("github-actions", tmp_path / "a").write()
    with pytest.raises(UsageError, match="exists, and was not written"):
        made("github-actions", tmp_path / "ab").write()


def test_githubs_times_are_those_of_utc(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    create(tmp_path / "w")
    config = load(
        tmp_path / "w",
        {"DIGEST_SCHEDULE__CRON": "5 9,17 * * 1-5", "DIGEST_SCHEDULE__TIMEZONE": "Asia/Tokyo"},
    )
    found, _ = entry("github-actions", tmp_path / "w", config, {}, ("/opt/digest",), FROM_GIT)
    assert '    - cron: "5 0,8 * * 1-5"\n' in found.text
