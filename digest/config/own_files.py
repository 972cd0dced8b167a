"""The files that a workspace needs: nothing else may overwrite them."""

from __future__ import annotations

from pathlib import Path

from digest.config.settings import Config
from digest.model.errors import UsageError


def check_foreign(file: Path, workspace: Path, config: Config) -> None:
    """Raises UsageError for a file of the configuration or named in it, the archive or a digest."""
    if _is_own(file.resolve(), workspace, config):
        raise UsageError(
            f"cannot write to {file}: it belongs to the workspace", hint="name another file"
        )


def _is_own(file: Path, workspace: Path, config: Config) -> bool:
    own, send = config.digest, config.send
    secret = (config.notify.urls_file, send.receivers_file, send.password_file)
    named = (own.template, *own.library, *filter(None, secret))
    if file in {path.resolve() for path in named}:
        return True
    if file.is_relative_to((workspace / "config").resolve()):
        return True
    archive = own.archive.resolve()
    if file.parent == archive.parent and file.name.startswith(archive.name):
        return True  # also what SQLite keeps beside it
    return file.parent == own.output.resolve() and file.suffix == ".md"
