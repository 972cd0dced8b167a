"""The configuration of a program that stays up: read again when one of its files has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from digest.config.keywords import keyword_files
from digest.config.loading import DIGEST_FILE, load
from digest.config.settings import Config
from digest.model.errors import ConfigError

#: What the files hold, by name; None for one that cannot be read.
_Contents = dict[Path, bytes | None]


class CurrentConfig:
    """A workspace's configuration, the last one that was right. Raises ConfigError at first."""

    def __init__(self, workspace: Path, environ: Mapping[str, str]) -> None:
        self._workspace = workspace
        self._environ = environ
        self._seen = self._contents()
        self.config: Config = load(workspace, environ)

    def look(self) -> bool:
        """Whether the files have changed; then `config` has their new values.

        Raises ConfigError, once for each change, if they are wrong now; `config` stays as it was.
        """
        found = self._contents()
        if found == self._seen:
            return False
        # Remembered before they are read: what changes in between is a change for the next look.
        self._seen = found
        self.config = load(self._workspace, self._environ)
        return True

    def _contents(self) -> _Contents:
        return dict(self._read())

    def _read(self) -> Iterator[tuple[Path, bytes | None]]:
        settings = self._workspace / DIGEST_FILE
        try:
            files = [settings, *keyword_files(self._workspace)]
        except ConfigError:
            files = [settings]
        for file in files:
            try:
                yield file, file.read_bytes()
            except OSError:
                yield file, None
