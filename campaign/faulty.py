"""The library that strikes at one system call of a process: built with cc, told what to do.

`faulty.c` is preloaded by the dynamic linker, so what it strikes is the program as it is: SQLite's
own writes as well as Python's.
"""

from __future__ import annotations

import ctypes
import enum
import errno
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_SOURCE = Path(__file__).with_name("faulty.c")


class Mode(enum.IntEnum):
    """What happens at the call that is struck."""

    OFF = 0
    KILL = 1  #: the process is killed before it
    TEAR = 2  #: half of what it writes is written, then the process is killed
    FAIL = 3  #: it fails with an error number
    SHORTEN = 4  #: half of what it writes is written, and it says so, as POSIX lets it


class Calls(enum.IntFlag):
    """Kinds of system calls."""

    OPEN = 1  #: for writing
    READ_OPEN = 2
    WRITE = 4
    SYNC = 8
    NAME = 16  #: rename, unlink, mkdir, chmod
    SIZE = 32
    NET = 64


CHANGES = Calls.OPEN | Calls.WRITE | Calls.SYNC | Calls.NAME | Calls.SIZE


@dataclass(frozen=True, slots=True)
class Strike:
    """One blow: at the n-th call of these kinds (from 1; 0: never, they are only counted).

    `lasting`: every later call fails as well, as on a full disk. `log`: what the command prints is
    on the faulty disk, and not its workspace.
    """

    mode: Mode
    calls: Calls
    at: int = 0
    error: int = 0
    lasting: bool = False
    log: bool = False

    def __str__(self) -> str:
        name = errno.errorcode.get(self.error, "")
        return f"{self.mode.name.lower()} {name} at call {self.at}".replace("  ", " ")

    def fields(self) -> dict[str, Any]:
        """As it is sent to another process; `Strike.of` is the inverse."""
        return asdict(self)

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Strike:
        """The strike with these fields."""
        return cls(
            Mode(fields["mode"]),
            Calls(fields["calls"]),
            fields["at"],
            fields["error"],
            fields["lasting"],
            fields["log"],
        )


def compiler() -> str | None:
    """The C compiler; None if there is none, or no LD_PRELOAD to use its work."""
    return shutil.which("cc") if sys.platform == "linux" else None


def build(folder: Path) -> Path:
    """Build the library into a folder. Raises CalledProcessError."""
    path = folder / "faulty.so"
    command = [compiler() or "cc", "-shared", "-fPIC", "-O1", "-o", str(path), str(_SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return path


class Faulty:
    """The library inside a process that it is preloaded into."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.faulty_count.restype = ctypes.c_long
        self._library.faulty_where.restype = ctypes.c_char_p
        self._library.faulty_arm.argtypes = [
            *(ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.c_long),
            *(ctypes.c_int, ctypes.c_int),
        ]

    def arm(self, folder: Path, strike: Strike) -> None:
        """From now on calls for files below a folder, and on sockets, are counted and struck."""
        self._library.faulty_arm(
            str(folder).encode(),
            int(strike.mode),
            int(strike.calls),
            strike.at,
            strike.error,
            int(strike.lasting),
        )

    @property
    def count(self) -> int:
        """How many calls were counted, also by a child process that is gone."""
        return int(self._library.faulty_count())

    @property
    def where(self) -> str:
        """The call that was struck, with its path; empty if none was."""
        return bytes(self._library.faulty_where()).decode()
