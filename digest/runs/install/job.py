"""What an entry starts: the command of one workspace with its environment, times and log."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from digest.config.environment import overrides
from digest.model.errors import UsageError
from digest.runs.install.times import Time

#: How long a run waits for another one, such as a backfill, to end, in seconds.
WAIT_SECONDS = 3600

#: Variables without which a run would reach arXiv differently, or share no pause with other runs.
_NEEDED = (
    "XDG_CACHE_HOME",
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
)

#: What one kind of entry or another cannot hold: line ends, what turns the direction of writing,
#: and what is not a character.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")

_Word = TypeVar("_Word", str, Path)


@dataclass(frozen=True, slots=True)
class Job:
    """One workspace's runs; `times` are those of `timezone` or of the machine, as its entry needs.

    `name` is made of ASCII letters, digits and hyphens, and is unique to the workspace.
    """

    name: str
    workspace: Path
    program: tuple[str, ...]
    environment: Mapping[str, str]
    times: frozenset[Time]
    timezone: str

    @property
    def words(self) -> tuple[str, ...]:
        """The command, word by word."""
        folder = str(self.workspace)
        return (*self.program, "-C", folder, "run", "--wait", str(WAIT_SECONDS))

    @property
    def log(self) -> Path:
        """The file to which results and messages are appended."""
        return self.workspace / "run.log"


def name_of(workspace: Path) -> str:
    """`arxiv-digest-papers-1a2b3c4d`, of the folder's name and of its whole path.

    It is the mark by which entries are found again, of version 0.1.0 too, and the key of GitHub's
    cache. So it begins with the program's name of that time, and must not change.
    """
    folder = re.sub(r"[^a-z0-9]+", "-", workspace.name.lower()).strip("-")[:32].strip("-")
    path = hashlib.sha256(str(workspace).encode()).hexdigest()[:8]
    return "-".join(filter(None, ("arxiv-digest", folder, path)))


def checked(word: _Word) -> _Word:
    """A path or another word of the command. Raises UsageError if no entry can hold it."""
    if _UNFIT.search(str(word)):
        raise UsageError(
            f"install: {str(word)!r}: control characters cannot be written into an entry",
            hint="Give the folder another name.",
        )
    return word


def carried(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that are written into an entry."""
    return {name: checked(environ[name]) for name in _set(environ) if not _secret(environ[name])}


def left_out(environ: Mapping[str, str]) -> Iterator[str]:
    """Which variables change what the command does here, and are not written into an entry."""
    for name in _set(environ):
        if _secret(environ[name]):
            yield f"{name} is left out: it has a password in it"
    for override in overrides(environ):
        place = _PLACES.get((override.section, override.key), "write it into config/digest.toml")
        yield f"{override.variable} is left out: {place}"


#: Where secrets go that have no place in a configuration file.
_PLACES = {
    ("notify", "urls"): "put the addresses into the file that [notify] urls_file names",
    ("send", "password"): "put it into the file that [send] password_file names",
}


def _set(environ: Mapping[str, str]) -> list[str]:
    return [name for name in _NEEDED if environ.get(name)]


def _secret(value: str) -> bool:
    """Entries are printed, and files that others may read."""
    return "@" in value
