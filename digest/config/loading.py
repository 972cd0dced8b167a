"""Read both files and the environment, and report everything that is wrong at once."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from digest.config.environment import overrides
from digest.config.lines import Location, key_lines
from digest.config.problems import Source
from digest.config.settings import Config, Sections
from digest.config.topics import KeywordsFile, repetitions
from digest.errors import ConfigError, Problem

#: Where the two files are in a workspace.
DIGEST_FILE = Path("config", "digest.toml")
KEYWORDS_FILE = Path("config", "keywords.toml")

_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)

_EDIT = "Edit the lines named above and run the command again."
_INIT = "`digest init` makes a new workspace with every file; -C DIR uses the one in DIR."


class _UnreadableError(Exception):
    """A file that gives no data; the argument is its problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def load(workspace: Path, environ: Mapping[str, str]) -> Config:
    """The configuration of a workspace.

    Raises ConfigError with every problem of `config/digest.toml`, of `config/keywords.toml` and
    of the DIGEST_<SECTION>__<KEY> variables.
    """
    problems: list[Problem] = []
    sections = _sections(workspace, environ, problems)
    keywords = _keywords(workspace, problems)
    if sections is None or keywords is None or problems:
        missing = any(problem.key == "file" for problem in problems)
        raise ConfigError(problems, hint=_INIT if missing else _EDIT)
    return Config(
        arxiv=sections.arxiv,
        digest=sections.digest,
        schedule=sections.schedule,
        topics=keywords.topics(),
    )


def _sections(
    workspace: Path, environ: Mapping[str, str], problems: list[Problem]
) -> Sections | None:
    file = workspace / DIGEST_FILE
    data: dict[str, object] = {}
    lines: Mapping[Location, int] = {}
    try:
        data, lines = _read(file)
    except _UnreadableError as error:
        problems.append(error.problem)
    variables = _override(data, environ)
    for section in Sections.model_fields:
        data.setdefault(section, {})
    source = Source(str(file), Sections, lines, variables)
    try:
        return Sections.model_validate(data, context={"workspace": workspace})
    except ValidationError as error:
        problems += _in_order(source.problems(error))
        return None


def _override(data: dict[str, object], environ: Mapping[str, str]) -> dict[Location, str]:
    """Put the environment's values over the file's; returns which variable gave which key."""
    variables: dict[Location, str] = {}
    for override in overrides(environ):
        table = data.setdefault(override.section, {})
        if override.section not in Sections.model_fields:
            variables[(override.section,)] = override.variable
        if isinstance(table, dict):
            table[override.key] = override.value
            variables[override.section, override.key] = override.variable
    return variables


def _keywords(workspace: Path, problems: list[Problem]) -> KeywordsFile | None:
    file = workspace / KEYWORDS_FILE
    try:
        data, lines = _read(file)
    except _UnreadableError as error:
        problems.append(error.problem)
        return None
    source = Source(str(file), KeywordsFile, lines, {})
    found = [source.problem(location, what) for location, what in repetitions(data)]
    keywords = None
    try:
        keywords = KeywordsFile.model_validate(data)
    except ValidationError as error:
        found += source.problems(error)
    problems += _in_order(found)
    return keywords


def _read(file: Path) -> tuple[dict[str, object], Mapping[Location, int]]:
    """A file's data and the lines of its keys. Raises _UnreadableError."""
    name = str(file)
    try:
        # Some editors begin a file with a byte-order mark, which TOML does not know.
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problem = Problem(name, None, "file", "is missing")
    except OSError as error:
        problem = Problem(name, None, "file", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(name, line, "text", "is not UTF-8", "save the file as UTF-8")
    else:
        return _parsed(name, text)
    raise _UnreadableError(problem)


def _parsed(name: str, text: str) -> tuple[dict[str, object], Mapping[Location, int]]:
    try:
        return tomllib.loads(text), key_lines(text)
    except RecursionError:
        problem = Problem(name, None, "syntax", "is nested too deeply")
    except ValueError as error:
        problem = _syntax(name, text, str(error))
    raise _UnreadableError(problem)


def _syntax(name: str, text: str, message: str) -> Problem:
    match = _SYNTAX.fullmatch(message)
    if match is None:
        return Problem(name, None, "syntax", message)
    what, line, column = match.groups()
    if line is None:
        last = text.rstrip("\n").count("\n") + 1
        return Problem(name, last, "syntax", f"{what}, at the end of the file")
    return Problem(name, int(line), "syntax", f"{what}, column {column}")


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By line; what has no line comes last."""
    return sorted(problems, key=lambda problem: problem.line or sys.maxsize)
