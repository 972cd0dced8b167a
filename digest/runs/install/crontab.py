"""The user's crontab, through the command `crontab`."""

from __future__ import annotations

import os
import subprocess

from digest.model.errors import WriteError

#: How `crontab -l` says that there is none yet.
_NONE = ("no crontab for", "no such file")


def read() -> str:
    """The crontab, empty if there is none; bytes that are no UTF-8 survive. Raises WriteError."""
    ended = _crontab("-l")
    if ended.returncode == 0:
        return _text(ended.stdout)
    # Any other refusal must not be taken for an empty crontab: `write` would empty it.
    if any(words in _text(ended.stderr).lower() for words in _NONE):
        return ""
    raise _failed(ended)


def write(text: str) -> None:
    """Replace the whole crontab; the command checks it and does so at once. Raises WriteError."""
    ended = _crontab("-", text.encode(errors="surrogateescape"))
    if ended.returncode:
        raise _failed(ended)


def _crontab(argument: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        # Where the command is differs between systems; its arguments are constants.
        return subprocess.run(  # noqa: S603
            ["crontab", argument],  # noqa: S607
            input=given,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
    except OSError as error:
        raise WriteError(
            f"install cron: the command crontab cannot be started: {error.strerror}",
            hint="Install cron, or choose another kind: see `digest install --help`.",
        ) from error


def _failed(ended: subprocess.CompletedProcess[bytes]) -> WriteError:
    return WriteError(
        f"install cron: the command crontab failed: {_text(ended.stderr).strip()}",
        hint="The crontab was not changed.",
    )


def _text(data: bytes) -> str:
    return data.decode(errors="surrogateescape")
