"""Edits of the keyword files as transactions.

    read the files ─▶ change the text ─▶ validate it with all others ─▶ Draft ─▶ save

A draft is shown before it is saved. Until then the files are as they were, and a file that somebody
else changed meanwhile is not overwritten.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from digest import files
from digest.config import KEYWORDS_FILE, Config, keyword_files, load
from digest.keywords.editing.edits import Edit, Edits
from digest.model.errors import ConfigError, Problem, UsageError, WriteError

#: What some editors begin a file with; TOML does not know it.
_MARK = b"\xef\xbb\xbf"

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Draft:
    """A keyword file as it would be: valid, and not saved yet. `config` is its configuration."""

    file: Path
    old: bytes
    new: bytes
    config: Config

    @property
    def is_change(self) -> bool:
        """Whether saving it changes anything."""
        return self.new != self.old


class Editing:
    """The keyword files of a workspace, to be changed."""

    def __init__(self, workspace: Path, environ: Mapping[str, str]) -> None:
        self._workspace = workspace
        self._environ = environ

    def files(self) -> list[Path]:
        """The keyword files, in the order in which they are read."""
        return keyword_files(self._workspace)

    def edited(self, change: Callable[[Edits], Edit]) -> tuple[Edit, Draft]:
        """What a change makes of the files, which must be sound.

        Raises UsageError if it cannot be done or what it makes is not sound.
        """
        old = {file: read(file) for file in self.files()}
        edit = change(Edits({file: _text(data) for file, data in old.items()}))
        mark = _MARK if old[edit.file].startswith(_MARK) else b""
        try:
            return edit, self.draft(edit.file, old[edit.file], mark + edit.text.encode())
        except ConfigError as error:
            raise UsageError(
                f"invalid after this edit: {'; '.join(problem.what for problem in error.problems)}",
                hint="Nothing was changed.",
            ) from error

    def draft(self, file: Path, old: bytes, new: bytes) -> Draft:
        """A keyword file with other contents. Raises ConfigError with everything wrong in it."""
        return Draft(file, old, new, self._with(file, new, file))

    def preview(self, file: Path) -> Config:
        """The configuration with a file in the place of `config/keywords.toml`.

        Raises ConfigError, naming the file, and UsageError if it cannot be read.
        """
        return self._with(self._workspace / KEYWORDS_FILE, read(file), file)

    def _with(self, file: Path, data: bytes, name: Path) -> Config:
        """The configuration with other contents of a file; problems in them name it so."""
        try:
            text = _text(data)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            problem = Problem(str(name), line, "text", "is not UTF-8", "save the file as UTF-8")
            raise ConfigError([problem]) from error
        try:
            return load(self._workspace, self._environ, texts={file: text})
        except ConfigError as error:
            problems = [
                replace(problem, where=str(name)) if problem.where == str(file) else problem
                for problem in error.problems
            ]
            raise ConfigError(problems) from error


def read(file: Path) -> bytes:
    """A keyword file's bytes. Raises UsageError."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file}: cannot be read: {error.strerror}",
            hint="`digest init` in an empty folder makes one to copy; -C DIR uses the workspace "
            "in DIR.",
        ) from error


def save(draft: Draft) -> None:
    """Replace a file by its draft, whole or not at all.

    Raises WriteError if it cannot be written, or if the file is no longer what the draft was made
    from; it is left as it is then.
    """
    check_writable(draft.file)
    if read(draft.file) != draft.old:
        raise WriteError(
            f"{draft.file} was changed meanwhile",
            hint="Nothing was overwritten. Run the command again.",
        )
    files.replace(draft.file, draft.new)


def check_writable(file: Path) -> None:
    """Raises WriteError for a file that is write-protected.

    Replacing it would work all the same, but whoever protected it did not mean that.
    """
    if file.exists() and not (file.stat().st_mode & _WRITABLE and os.access(file, os.W_OK)):
        raise WriteError(
            f"cannot write: {file}: it is write-protected",
            hint="Nothing was changed. `chmod u+w` makes it writable.",
        )


def _text(data: bytes) -> str:
    return data.removeprefix(_MARK).decode("utf-8")
