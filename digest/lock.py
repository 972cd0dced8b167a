"""One run at a time: the lock of a workspace."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from digest.errors import LockHeld, WriteError


@contextmanager
def only_run(archive: Path, now: datetime) -> Iterator[None]:
    """Hold the lock of the workspace with this archive; the system frees it when a process dies.

    Raises LockHeld, naming who holds it and since when, and WriteError.
    """
    lock = archive.with_name(f"{archive.name}.lock")
    holder = archive.with_name(f"{archive.name}.holder")
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(lock, timeout=0):
            holder.write_text(
                f"process {os.getpid()}, since {now:%Y-%m-%d %H:%M} UTC", encoding="utf-8"
            )
            yield
    except Timeout as error:
        who = holder.read_text(encoding="utf-8") if holder.exists() else "unknown"
        raise LockHeld(
            f"another run works on this workspace: {who}",
            hint="wait for its end; the lock is free as soon as that process is gone",
        ) from error
    except PermissionError as error:
        raise WriteError(
            f"cannot lock the workspace: {error.filename}: {error.strerror}",
            hint="mend the permissions of its folder",
        ) from error
