"""Files with secrets: read when they are needed, and never repeated."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from digest.errors import PostError


def secret_text(file: Path, what: str, key: str) -> str:
    """The text of a file; `what` it holds and the `key` that names it are for messages.

    Raises PostError if it cannot be read, or if everybody can read or change it.
    """
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise PostError(
            f"cannot read {what}: {file}: {error.strerror}", hint=f"{key} names it"
        ) from None
    except UnicodeDecodeError:  # which has the text in it, and so is not passed on
        raise PostError(f"cannot read {what}: {file}: it is not UTF-8") from None
    # Windows keeps rights where these bits do not show them.
    if os.name == "posix" and mode & (stat.S_IROTH | stat.S_IWOTH):
        raise PostError(
            f"will not use {what}: {file}: everybody can read or change it",
            hint=f"it is for you alone: chmod 600 {file}",
        )
    return text


def secret_lines(file: Path, what: str, key: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers, from 1; those that are blank or begin with # are not.

    Raises PostError like `secret_text`.
    """
    text = secret_text(file, what, key)
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        if line and not line.startswith("#"):
            yield number, line
