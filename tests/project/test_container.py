"""The Dockerfile, read and not built: its files, its commands, its locks."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest
from command import members
from places import ROOT

from digest.cli import commands

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def instructions() -> list[tuple[str, str]]:
    """Every instruction of the Dockerfile with its arguments, on one line each."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(line.split()[0], " ".join(line.split()[1:])) for line in lines if line.strip()]


DOCKERFILE = instructions()
LAST = max(n for n, (word, _) in enumerate(DOCKERFILE) if word == "FROM")
IMAGE = DOCKERFILE[LAST:]


def argument(word: str) -> str:
    """The one argument that an instruction has in the image itself."""
    (found,) = (rest for name, rest in IMAGE if name == word)
    return found


def pins(name: str) -> dict[str, set[str]]:
    """The packages of a lock with their versions, each with its hashes."""
    entries = re.findall(
        r"^(\S+==\S+)[^\\\n]*((?: \\\n    --hash=sha256:[0-9a-f]{64})*)$",
        (ROOT / name).read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {package: set(re.findall(r"sha256:\w+", hashes)) for package, hashes in entries}


def is_sent(path: str) -> bool:
    """Whether .dockerignore lets a path of the repository be copied; the last rule that fits."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        rule = line.strip().removeprefix("!")
        if not rule or rule.startswith("#"):
            continue
        pattern = rule.removeprefix("**/")
        above = [path, *map(str, Path(path).parents)]
        parts = Path(path).parts if rule.startswith("**/") else above
        if any(fnmatch(part, pattern) for part in parts):
            sent = line.startswith("!")
    return sent


def copied() -> Iterator[str]:
    for word, rest in DOCKERFILE:
        if word == "COPY" and not rest.startswith("--from"):
            yield from rest.split()[:-1]


def test_every_instruction_is_one_that_docker_knows() -> None:
    known = {"ARG", "FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "HEALTHCHECK"}
    assert {word for word, _ in DOCKERFILE} <= known | {"ENTRYPOINT", "CMD"}


@pytest.mark.parametrize("path", list(copied()))
def test_what_is_copied_is_there_and_is_sent(path: str) -> None:
    assert (ROOT / path).exists()
    assert is_sent(path)


def test_nothing_of_a_workspace_or_of_the_repository_itself_is_sent() -> None:
    for path in ("output/2026-11-20.md", ".git/config", ".venv/bin/digest", "tests/desk.py"):
        assert not is_sent(path), path
    assert not is_sent("digest/__pycache__/app.pyc")
    assert is_sent("digest/app.py")


def test_all_that_the_wheel_is_made_of_is_copied() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    project = PROJECT["project"]
    needed = [*wheel["packages"], *wheel["force-include"], project["readme"]]
    needed += project["license-files"]
    for path in needed:
        assert any(path == each or path.startswith(f"{each}/") for each in copied()), path


@pytest.mark.parametrize("word", ["HEALTHCHECK", "CMD"])
def test_its_commands_are_those_of_the_program(word: str) -> None:
    program, *words = json.loads(argument("ENTRYPOINT"))
    if word == "CMD":
        words += json.loads(argument("CMD"))
    else:
        program, *words = json.loads(argument("HEALTHCHECK").partition("CMD ")[2])
        assert words == ["status", "--healthy"]
    assert program in PROJECT["project"]["scripts"]
    command = members(commands)[words[0]]
    assert isinstance(command.make_context(words[0], words[1:]), click.Context)


def test_it_is_no_root_and_keeps_a_workspace_and_whose_turn_it_is_outside() -> None:
    user, group = argument("USER").split(":")
    assert int(user) > 0
    assert int(group) > 0
    volumes = json.loads(argument("VOLUME"))
    environment = dict(pair.split("=", 1) for pair in argument("ENV").split())
    assert volumes == [environment["DIGEST_HOME"], environment["XDG_CACHE_HOME"]]
    assert argument("WORKDIR") == environment["DIGEST_HOME"]
    last = [word for word, _ in IMAGE]
    assert last.index("USER") > last.index("RUN")


def test_it_has_what_the_program_needs_in_the_versions_that_were_tested() -> None:
    tested = pins("requirements.lock")
    locked = pins("requirements-container.lock")
    assert all(locked.values())
    assert all(pins("requirements-build.lock").values())
    assert {package: tested.get(package) for package in locked} == locked
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = PROJECT["project"]["dependencies"] + extras["notify"]
    names = {package.partition("==")[0] for package in locked}
    assert {re.split(r"[<>=;]", requirement)[0] for requirement in wanted} <= names
    assert not names & {re.split(r"[<>=;]", each)[0] for each in ("mypy", "pytest", "ruff")}


def test_only_what_a_lock_names_is_fetched() -> None:
    commands_run = [part for word, rest in DOCKERFILE if word == "RUN" for part in rest.split("&&")]
    fetching = [part for part in commands_run if "pip" in part and "venv" not in part]
    assert len(fetching) == 4
    for part in fetching:
        fetches_nothing = "--no-index" in part or "--no-deps --no-build-isolation" in part
        assert "--require-hashes -r requirements-" in part or fetches_nothing, part
