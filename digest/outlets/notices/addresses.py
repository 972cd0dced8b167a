"""Where notices go: Apprise's URLs, which are secrets, from the environment and from a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from digest.model.errors import UsageError
from digest.outlets.post.secret_files import refused, secret_lines

_KEY = "notify.urls_file"


@dataclass(frozen=True, slots=True)
class Address:
    """One URL. `name` says where it was found; nothing else of it is ever shown."""

    name: str
    url: str = field(repr=False)


def addresses(urls: str, file: Path | None) -> list[Address]:
    """The URLs of DIGEST_NOTIFY__URLS, between white space, and those of the file, one a line.

    Raises UsageError if neither is configured, and ConfigError if the file cannot be read, if there
    is none in it, or if other users can read or change it.
    """
    found = [
        Address(f"DIGEST_NOTIFY__URLS, address {number}", url)
        for number, url in enumerate(urls.split(), start=1)
    ]
    if file is not None:
        found += [Address(f"{file}:{number}", url) for number, url in secret_lines(file, _KEY)]
        if not found:
            raise refused(file, _KEY, "is empty")
    if not found:
        raise UsageError(
            "no receivers configured: [notify] urls_file is empty",
            hint="write Apprise's addresses into such a file, one a line, or set "
            "DIGEST_NOTIFY__URLS",
        )
    return found
