"""One TOML file: its data and the lines of its keys, or why there are none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from digest.config.lines import Location, key_lines
from digest.model.errors import Problem

#: Texts that stand for the contents of files, by absolute path.
Texts = Mapping[Path, str]

#: What is wrong with a file that does not exist.
MISSING = "file not found"

_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)

#: What tomllib says, and the same for people who edit a file. What is not here stays as it is.
_IN_OTHER_WORDS = tuple(
    (re.compile(theirs), ours)
    for theirs, ours in (
        (r"Cannot overwrite .*", "this name already exists"),
        (r"Expected '=' after a key .*", "a key needs = and a value"),
        (r"Expected newline .*", "the line has more than a key and its value"),
        (r"Invalid statement", "this is neither a key nor a [table]"),
        (r"Invalid value", "this is not a value: write text between quotation marks"),
        (r"Unclosed array", "a list is not closed, or a comma is missing"),
        (
            r"Expected [\"']+|(?:Illegal|Found invalid) character '\\n'",
            "a text has no closing quotation mark",
        ),
        (
            r"Unescaped '\\' in a string|Invalid hex value",
            "a backslash: put the text between single quotation marks",
        ),
    )
)
_TWICE = re.compile(r"Cannot declare \((.*?),?\) twice", re.DOTALL)
_QUOTED = re.compile(r"'([^']*)'")


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
        problem = Problem(str(file.absolute()), None, "", MISSING)
    except OSError as error:
        problem = Problem(name, None, "", f"cannot be read: {error.strerror}")
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
    what = _in_other_words(what)
    if line is None:
        last = text.rstrip("\n").count("\n") + 1
        return Problem(name, last, "syntax", f"{what}, at the end of the file")
    return Problem(name, int(line), "syntax", f"{what}, column {column}")


def _in_other_words(what: str) -> str:
    twice = _TWICE.fullmatch(what)
    if twice:
        return f"[{'.'.join(_QUOTED.findall(twice[1]))}] already exists"
    return next((ours for theirs, ours in _IN_OTHER_WORDS if theirs.fullmatch(what)), what)
