"""Paths of `digest.toml`: where they start, and whether such a file or folder can be there.

Whether they can be written to is not asked: who only reads a workspace need not be able to.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    PlainValidator,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from digest.config.mistakes import mistake
from digest.config.zotero import PATTERN, PREFIX, ZoteroSource, zotero_source

#: Endings of the files of a library: BibTeX, RIS, and CSL-JSON or the stars of the site.
LIBRARY_KINDS = (".bib", ".ris", ".json")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _in_workspace(path: Path, info: ValidationInfo) -> Path:
    if path == Path() or _CONTROL.search(str(path)):
        raise mistake(f"{path.name!r} is not a valid path")
    context: dict[str, Path] = info.context or {}
    return (context["workspace"] / path).absolute()


def _secret_file(value: object, info: ValidationInfo) -> Path | None:
    if value == "":
        return None
    # Whoever takes the name of the file for the secret itself must not see it in a message.
    if not isinstance(value, str) or "://" in value:
        raise mistake("is not a valid path")
    return _in_workspace(Path(value), info)


def _folder(folder: Path) -> Path:
    with _refusals_named():
        _needs_folder(folder)
    return folder


def _file(file: Path) -> Path:
    with _refusals_named():
        _needs_folder(file.parent)
        if file.is_dir():
            raise mistake(f"cannot be used: {file} is a folder")
    return file


def _library_file(file: Path) -> Path:
    if not file.name.lower().endswith(LIBRARY_KINDS):
        raise mistake(f"{file} is of an unknown kind")
    with _refusals_named("read"):
        if not file.exists():
            raise mistake(f"{file} does not exist")
        if not file.is_file():
            raise mistake(f"cannot be read: {file} is not a file")
        if not os.access(file, os.R_OK):
            raise mistake(f"cannot be read: no permission for {file}")
    return file


def _existing_file(value: object, path: ValidatorFunctionWrapHandler) -> Path:
    file: Path = path(value)
    # A default is a path already: nobody has named it, and it is looked for when it is needed.
    if not isinstance(value, Path):
        with _refusals_named():
            if not file.is_file():
                raise mistake(f"file not found: {file}")
    return file


def _needs_folder(folder: Path) -> None:
    """Is there such a folder, or can one be made?"""
    existing = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    if not existing.is_dir():
        raise mistake(f"cannot be used: {existing} is not a folder")


@contextmanager
def _refusals_named(what: str = "used") -> Iterator[None]:
    """The system's own refusals, such as a name that is too long."""
    try:
        yield
    except OSError as error:
        raise mistake(f"cannot be {what}: {error.strerror}") from None


#: A path that starts at the workspace; the context of the validation names it.
WorkspacePath = Annotated[
    Path,
    AfterValidator(_in_workspace),
    WithJsonSchema({"type": "string", "pattern": r"^[^\x00-\x1f\x7f-\x9f]+$"}),
]

#: The same for a folder that is there, or can be made.
FolderPath = Annotated[WorkspacePath, AfterValidator(_folder)]

#: The same for a file.
FilePath = Annotated[WorkspacePath, AfterValidator(_file)]

#: The same for a file that has to be there, if it is named.
ExistingFile = Annotated[WorkspacePath, WrapValidator(_existing_file)]

#: A file with secrets, or none. It is read when they are needed, and not before.
SecretFile = Annotated[
    Path | None,
    PlainValidator(_secret_file),
    WithJsonSchema({"type": "string", "pattern": r"^(?!.*://)[^\x00-\x1f\x7f-\x9f]*$"}),
]


def _library(value: object, path: ValidatorFunctionWrapHandler) -> Path | ZoteroSource:
    if isinstance(value, str) and value.startswith(PREFIX):
        return zotero_source(value)
    file: Path = path(value)
    return file


#: A file of the reader's library, which is there, or a library in Zotero. What is in it is looked
#: at when it is needed.
LibrarySource = Annotated[
    Path,
    AfterValidator(_in_workspace),
    AfterValidator(_library_file),
    WrapValidator(_library),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [
                {
                    "pattern": r"^[^\x00-\x1f\x7f-\x9f]+"
                    r"\.(?:[Bb][Ii][Bb]|[Rr][Ii][Ss]|[Jj][Ss][Oo][Nn])$"
                },
                {"pattern": PATTERN},
            ],
        }
    ),
]
