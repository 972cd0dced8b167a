"""Where notices go: Apprise's URLs, which are secrets, from the environment and from a file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from digest.errors import NoticeError


@dataclass(frozen=True, slots=True)
class Address:
    """One URL. `name` says where it was found; nothing else of it is ever shown."""

    name: str
    url: str = field(repr=False)


def addresses(urls: str, file: Path | None) -> list[Address]:
    """The URLs of DIGEST_NOTIFY__URLS, between white space, and those of the file, one a line.

    Raises NoticeError if there is none, if the file cannot be read, or if everybody can read or
    change it.
    """
    found = [
        Address(f"DIGEST_NOTIFY__URLS, address {number}", url)
        for number, url in enumerate(urls.split(), start=1)
    ]
    if file is not None:
        found += _in_file(file)
    if not found:
        raise NoticeError(
            f"there is no address to tell: {file or '[notify] urls_file'}: it is empty",
            hint="write Apprise's addresses into such a file, one a line, or set "
            "DIGEST_NOTIFY__URLS",
        )
    return found


def _in_file(file: Path) -> Iterator[Address]:
    try:
        mode = file.stat().st_mode
        lines = file.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise NoticeError(
            f"cannot read the addresses of notices: {file}: {error.strerror}",
            hint="[notify] urls_file names it",
        ) from None
    except UnicodeDecodeError:  # which has the text in it, and so is not passed on
        raise NoticeError(
            f"cannot read the addresses of notices: {file}: it is not UTF-8"
        ) from None
    # Windows keeps rights where these bits do not show them.
    if os.name == "posix" and mode & (stat.S_IROTH | stat.S_IWOTH):
        raise NoticeError(
            f"will not use the addresses of notices: {file}: everybody can read or change them",
            hint=f"they are secrets: chmod 600 {file}",
        )
    for number, line in enumerate(map(str.strip, lines), start=1):
        if line and not line.startswith("#"):
            yield Address(f"{file}:{number}", line)
