"""One TOML file: its data and the lines of its keys, or why there are none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from digest.config.lines import Location, key_lines
from digest.errors import Problem

#: Texts that stand for the contents of files, by absolute path.
Texts = Mapping[Path, str]

_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


class UnreadableError(Exception):
    """A file that gives no data; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read(file: Path, texts: Texts) -> tuple[dict[str, object], dict[Location, int]]:
    """A file's data and the lines of its keys. Raises UnreadableError."""
    return _parsed(str(file), _text(file, texts))


def _text(file: Path, texts: Texts) -> str:
    name = str(file)
    given = texts.get(file.absolute())
    if given is not None:
        return given.removeprefix("\ufeff")
    try:
        # Some editors begin a file with a byte-order mark, which TOML does not know.
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problem = Problem(name, None, "file", "is missing")
    except OSError as error:
        problem = Problem(name, None, "file", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(name, line, "text", "is not UTF-8", "save the file as UTF-8")
    raise UnreadableError(problem)


def _parsed(name: str, text: str) -> tuple[dict[str, object], dict[Location, int]]:
    try:
        return tomllib.loads(text), key_lines(text)
    except RecursionError:
        problem = Problem(name, None, "syntax", "is nested too deeply")
    except ValueError as error:
        problem = _syntax(name, text, str(error))
    raise UnreadableError(problem)


def _syntax(name: str, text: str, message: str) -> Problem:
    match = _SYNTAX.fullmatch(message)
    if match is None:
        return Problem(name, None, "syntax", message)
    what, line, column = match.groups()
    if line is None:
        last = text.rstrip("\n").count("\n") + 1
        return Problem(name, last, "syntax", f"{what}, at the end of the file")
    return Problem(name, int(line), "syntax", f"{what}, column {column}")
