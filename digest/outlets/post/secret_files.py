"""Files with secrets: read when they are needed, and never repeated."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from digest.model.errors import ConfigError, Problem


def secret_text(file: Path, key: str) -> str:
    """The text of a file that the `key` of the settings names.

    Raises ConfigError if it cannot be read, or if other users can read or change it.
    """
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise refused(file, key, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:  # which has the text in it, and so is not passed on
        raise refused(file, key, "is not UTF-8") from None
    # Windows keeps rights where these bits do not show them.
    if os.name == "posix" and mode & (stat.S_IROTH | stat.S_IWOTH):
        hint = f"make it readable by you alone: chmod 600 {file}"
        raise refused(file, key, "other users can read or change it", hint)
    return text


def secret_lines(file: Path, key: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers, from 1; those that are blank or begin with # are not.

    Raises ConfigError like `secret_text`.
    """
    text = secret_text(file, key)
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        if line and not line.startswith("#"):
            yield number, line


def refused(file: Path, key: str, what: str, hint: str = "") -> ConfigError:
    """An error for a file as a whole, which the `key` names."""
    return ConfigError(
        [Problem(str(file), None, key, what)],
        hint=hint or f"fix the file, or name another one in {key}",
    )
