"""A new workspace, from the shipped files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from digest.config.defaults import SHIPPED, shipped
from digest.model.errors import UsageError, WriteError


def create(folder: Path, texts: Mapping[str, str] | None = None) -> None:
    """Write every shipped file into a folder and make its output folder.

    `texts` stand in place of the shipped texts of some of them, by their names. Raises UsageError
    if one of the files exists, WriteError if one cannot be written; all is then as it was.
    """
    own = texts or {}
    files = {folder / name: own.get(name) or shipped(name) for name in SHIPPED}
    existing = [str(file) for file in files if file.exists() or file.is_symlink()]
    if existing:
        raise UsageError(
            f"init: {folder.absolute()}: already exists: {', '.join(existing)}",
            hint="Nothing was written. Name another folder, or move these files away.",
        )
    written: list[Path] = []
    wanted = [folder / "output", *(file.parent for file in files)]
    new = [one for each in wanted for one in (each, *each.parents) if not one.exists()]
    try:
        for each in wanted:
            each.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            written.append(file)
            file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        for file in written:
            file.unlink(missing_ok=True)
        for each in sorted(new, key=lambda one: len(one.parts), reverse=True):
            with suppress(OSError):  # not made, or somebody else has put something in
                each.rmdir()
        raise WriteError(
            f"init: {error.filename or folder}: {error.strerror}",
            hint="Nothing was written. Name a folder that can be written to.",
        ) from error


def restore(folder: Path, name: str) -> Path:
    """Write one shipped file that is missing; its path.

    Raises UsageError if it exists, WriteError if it cannot be written.
    """
    file = folder / name
    if file.exists() or file.is_symlink():
        raise UsageError(
            f"init: {file} already exists", hint="Nothing was written. Move it away first."
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(shipped(name), encoding="utf-8", newline="\n")
    except OSError as error:
        raise WriteError(f"init: {file}: {error.strerror}", hint="Nothing was written.") from error
    return file
