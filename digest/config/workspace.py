"""A new workspace, from the shipped files; or single files of one, again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from digest.config.defaults import SHIPPED, shipped
from digest.config.loading import load
from digest.config.reading import MISSING
from digest.config.starting import Start
from digest.model.errors import ConfigError, UsageError, WriteError

_EXAMPLE = Start()


def create(folder: Path, start: Start = _EXAMPLE) -> None:
    """Write every shipped file into a folder and make its output folder.

    Raises UsageError if one of the files exists or `start` is not valid, WriteError if one cannot
    be written; all is then as it was.
    """
    files = {folder / name: shipped(name) for name in SHIPPED}
    existing = [str(file) for file in files if file.exists() or file.is_symlink()]
    if existing:
        raise UsageError(
            f"init: {folder.absolute()}: already exists: {', '.join(existing)}",
            hint="Nothing was written. Name another folder, or move these files away. To write "
            "only what is missing, give --config or --template.",
        )
    files |= {folder / name: text for name, text in start.texts().items()}
    if start != _EXAMPLE:
        _check(folder, files)
    _write(folder / "output", files)


def restore(folder: Path, kind: str) -> list[Path]:
    """Write the shipped files in the folder "config" or "templates" that are missing.

    Existing files stay as they are. Returns the files written. Raises WriteError.
    """
    names = [name for name in SHIPPED if name.startswith(f"{kind}/")]
    files = {folder / name: shipped(name) for name in names}
    missing = {
        file: text for file, text in files.items() if not file.exists() and not file.is_symlink()
    }
    _write(folder / kind, missing)
    return list(missing)


def _check(folder: Path, files: Mapping[Path, str]) -> None:
    texts = {file: text for file, text in files.items() if file.suffix == ".toml"}
    try:
        load(folder, {}, texts=texts)
    except ConfigError as error:
        # The templates that the configuration names are written along with it.
        problems = [one for one in error.problems if not one.what.startswith(MISSING)]
        if problems:
            what = "; ".join(f"{one.key}: {one.what} ({one.allowed})" for one in problems)
            raise UsageError(f"init: {what}", hint="Nothing was written.") from error


def _write(folder: Path, files: Mapping[Path, str]) -> None:
    """Make a folder and write files; all or nothing."""
    written: list[Path] = []
    wanted = [folder, *(file.parent for file in files)]
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
