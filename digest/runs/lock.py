"""One run at a time: the lock of a workspace.

The lock is the system's (`flock`; Windows has one of its own) on a file beside the archive. The
system frees it when its process ends, however it ends, and on a disk that hosts share it frees
what a host held that is gone. So nothing here goes by the age of a file or by the clock, and a
lock file that came along with a copied folder means nothing.

Who holds it is written to a second file, for people. It is only read while the lock is held by
somebody, and only reported if it can be true: a killed process leaves its file behind.

Some file systems have no `flock` (NFS without its lock service, some user-space ones). There the
lock is a lease, a marker file that its holder renews: a lease that is not renewed for
LEASE_SECONDS, as the waiting process counts them, is taken over. That is less than a lock: a
process that was suspended for so long goes on beside its successor. What filelock offers without
that flaw, a marker that lasts until somebody proves its process dead, would stay for ever when
another host has left it, and a workspace that nobody watches would stand still; two runs at once
cost requests, and never a digest, since every page is one transaction and every file is replaced
whole.
"""

from __future__ import annotations

import errno
import json
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import BaseFileLock, FileLock, SoftFileLease, Timeout

from digest.model.errors import LockHeld, WriteError
from digest.model.reports import Wait

#: How long a lease is believed without a sign of its holder.
LEASE_SECONDS = 30.0

#: Between two attempts. Even who does not want to wait tries twice: `is_held` holds the lock for
#: an instant.
_PAUSE = 0.1
_LONGEST_PAUSE = 1.0

#: What systems answer where there is no flock.
_NO_FLOCK = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP}

#: What they answer to who may only read.
_PROTECTED = {errno.EACCES, errno.EPERM, errno.EROFS}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is using a workspace: the process and its host, what it does, since when (UTC)."""

    process: int
    host: str
    command: str
    since: datetime

    @classmethod
    def this(cls, command: str, now: datetime) -> Holder:
        """This process."""
        return cls(os.getpid(), platform.node(), command, now)

    @classmethod
    def read(cls, path: Path) -> Holder | None:
        """Who a file names; None if it names nobody who could be there."""
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            holder = cls(
                int(fields["process"]),
                str(fields["host"]),
                str(fields["command"]),
                datetime.fromisoformat(fields["since"]).astimezone(UTC),
            )
        except (OSError, ValueError, TypeError, KeyError, OverflowError):
            return None
        return None if holder._is_gone() else holder

    def write(self, path: Path) -> None:
        """Write it to a file."""
        fields = {
            "process": self.process,
            "host": self.host,
            "command": self.command,
            "since": self.since.isoformat(),
        }
        path.write_text(json.dumps(fields) + "\n", encoding="utf-8")

    def _is_gone(self) -> bool:
        if os.name != "posix" or self.host != platform.node():
            return False  # unknown from here
        if self.process <= 0:  # no process, but a group of them
            return True
        try:
            os.kill(self.process, 0)
        except (ProcessLookupError, OverflowError):
            return True
        except PermissionError:
            return False
        return False

    def __str__(self) -> str:
        return (
            f"process {self.process} on {self.host} (digest {self.command}), "
            f"since {self.since:%Y-%m-%d %H:%M} UTC"
        )


@contextmanager
def only_run(
    archive: Path,
    holder: Holder,
    *,
    wait: Wait,
    sleep: Callable[[float], None],
) -> Iterator[None]:
    """Hold the lock of the workspace with this archive.

    How long it waits is counted by the pauses made and not by a clock that may be set. Raises
    LockHeld, naming who holds the lock and since when, and WriteError.
    """
    named = _beside(archive, "holder")
    with _write_errors(archive):
        archive.parent.mkdir(parents=True, exist_ok=True)
        lock = _acquired(archive, wait, sleep)
    if lock is None:
        raise LockHeld(
            _other(archive),
            hint="wait until it ends, or use --wait; the lock is released with its process",
        )
    try:
        with _write_errors(archive):
            holder.write(named)
        yield
    finally:
        with suppress(OSError):  # nobody believes what is left of it
            named.unlink(missing_ok=True)
        lock.release()


def is_held(archive: Path) -> bool:
    """Whether a run is using the workspace with this archive. Raises WriteError."""
    with _write_errors(archive):
        try:
            lock = _try(FileLock(_beside(archive, "lock"), timeout=0, fallback_to_soft=False))
        except OSError as error:
            if error.errno in _PROTECTED:
                return _seems_held(archive)
            if error.errno not in _NO_FLOCK:
                raise
            lock = _try(_lease(archive))
        if lock is None:
            return True
        lock.release()
        return False


def _seems_held(archive: Path) -> bool:
    """The same for who may not write there: by the lock if it can be read, else by the name."""
    try:
        import fcntl  # not on Windows

        with _beside(archive, "lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (ImportError, OSError):
        return Holder.read(_beside(archive, "holder")) is not None
    return False


def _acquired(archive: Path, wait: Wait, sleep: Callable[[float], None]) -> BaseFileLock | None:
    """The lock, held; None if it was not to be had in time."""
    lock: BaseFileLock = FileLock(_beside(archive, "lock"), timeout=0, fallback_to_soft=False)
    left = max(wait.seconds, _PAUSE)
    try:
        held = _try(lock)
    except OSError as error:
        if error.errno not in _NO_FLOCK:
            raise
        lock = _lease(archive)
        held = _try(lock)
        # Only who has looked at a lease for so long knows that nobody renews it.
        left = max(left, LEASE_SECONDS + 1)
    pause, is_reported = _PAUSE, False
    while held is None and left > 0:
        if pause > _PAUSE and not is_reported:
            wait.report(left, _other(archive))
            is_reported = True
        sleep(min(pause, left))
        left -= pause
        pause = min(2 * pause, _LONGEST_PAUSE)
        held = _try(lock)
    return held


def _try(lock: BaseFileLock) -> BaseFileLock | None:
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def _lease(archive: Path) -> BaseFileLock:
    return SoftFileLease(_beside(archive, "lease"), timeout=0, lease_duration=LEASE_SECONDS)


def _beside(archive: Path, what: str) -> Path:
    return archive.with_name(f"{archive.name}.{what}")


def _other(archive: Path) -> str:
    who = Holder.read(_beside(archive, "holder")) or "an unnamed process"
    return f"another run is using this workspace: {who}"


@contextmanager
def _write_errors(archive: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"cannot lock the workspace: {error.filename or archive.parent}: "
            f"{error.strerror or error}",
            hint="fix the permissions of its folder, or free space on its disk",
        ) from error
