"""Files that are either the old or the new one, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator, Set
from contextlib import contextmanager
from glob import escape
from itertools import count
from pathlib import Path
from shutil import rmtree

from digest.model.errors import WriteError

_TEMPORARY = re.compile(r"\..+\.[0-9]+\.digest-tmp")


def replace(path: Path, data: bytes, *, lasting: bool = True) -> bool:
    """Make a file hold these bytes; returns whether it was changed.

    An equal file is not touched, a new one has the permissions that the umask asks for, one that
    was there keeps its own; of a symbolic link the target is replaced. Folders are made. Only one
    process may write a file at a time. Without `lasting` the disk is not waited for: a power cut
    may take what can be made again. Raises WriteError; the file is what it was then.
    """
    with _write_errors(path):
        target = Path(os.path.realpath(path)) if path.is_symlink() else path
        if target.exists() and target.read_bytes() == data:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        # A temporary file of this process' own number was left by one that is long gone.
        temporary = target.with_name(f".{target.name}.{os.getpid()}.digest-tmp")
        temporary.unlink(missing_ok=True)
        try:
            _write(temporary, data, _permissions(target), lasting=lasting)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if lasting:
            _sync_folder(target.parent)
    return True


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """A path beside a file, for somebody to write to; what is there in the end is the file's.

    For what is too large for `replace`. If anything is raised inside, the file is what it was. Any
    number of processes may write one file; the last one has it. Raises WriteError, also for what
    the system reports of writing inside.
    """
    with _write_errors(path):
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f".{escape(target.name)}.*.digest-part"):
            if not _is_running(left.suffixes[-2][1:]):
                left.unlink(missing_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}.digest-part")
        part.unlink(missing_ok=True)
        permissions = _permissions(target)
        try:
            if permissions is not None:
                # What only its owner may read is not to be read while it is written, either.
                part.touch(permissions, exist_ok=False)
            yield part
            if permissions is not None:
                part.chmod(permissions)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)


def replace_folder(folder: Path, made: Path) -> None:
    """Replace a folder by another one, with all that is in it; both on the same disk.

    For what can be made again: a process that is killed meanwhile may leave no folder there, and
    the disk is not waited for. Raises WriteError.
    """
    with _write_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            rmtree(folder)
        made.replace(folder)


def remove(path: Path) -> None:
    """Remove a file, if it is there. Raises WriteError."""
    with _write_errors(path):
        path.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, if there is one. Raises WriteError."""
    with _write_errors(folder):
        if folder.exists():
            rmtree(folder)


def keep_aside(path: Path) -> Path:
    """Copy a file to `NAME.orig` beside it, or `.orig.2` and so on; returns the copy's path.

    No older copy is overwritten; one that is equal serves again. Raises WriteError.
    """
    with _write_errors(path):
        data = path.read_bytes()
    for number in count(1):
        aside = path.with_name(f"{path.name}.orig" + (f".{number}" if number > 1 else ""))
        with _write_errors(aside):
            is_free = not aside.exists() or aside.read_bytes() == data
        if is_free:
            break
    replace(aside, data)
    return aside


def check_folder(folder: Path) -> None:
    """Raises WriteError for a folder in which no file can be made, before all work for one."""
    with _write_errors(folder):
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        if not os.access(existing, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def remove_leftovers(folder: Path) -> list[Path]:
    """Remove the temporary files that killed processes left in a folder; returns their paths.

    Only for who may write in the folder alone: the files of a running process look the same.
    Raises WriteError.
    """
    with _write_errors(folder):
        leftovers = sorted(path for path in _files(folder) if _TEMPORARY.fullmatch(path.name))
        for path in leftovers:
            path.unlink(missing_ok=True)
    return leftovers


def remove_others(folder: Path, pattern: str, names: Set[str]) -> None:
    """Remove the files of a folder with names like a pattern, but for some. Raises WriteError."""
    with _write_errors(folder):
        for path in sorted(folder.glob(pattern)):
            if path.name not in names:
                path.unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _is_running(process: str) -> bool:
    """Whether there may be a process with this number."""
    if os.name != "posix" or not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _permissions(target: Path) -> int | None:
    return stat.S_IMODE(target.stat().st_mode) if target.exists() else None


def _write(path: Path, data: bytes, permissions: int | None, *, lasting: bool) -> None:
    # Not by tempfile: its files are 0600 and would stay so.
    with path.open("xb") as file:
        if permissions is not None:
            path.chmod(permissions)
        file.write(data)
        if lasting:
            file.flush()
            os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name last; only POSIX lets a folder be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"cannot write: {path}: {error.strerror or error}",
            hint="free space on the disk, make the folder writable or choose another folder",
        ) from error
