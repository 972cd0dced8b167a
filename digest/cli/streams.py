"""Ignore broken pipes on standard output, and write errors on standard error."""

from __future__ import annotations

import io
import os
import sys
from select import select
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_OUTPUT, _ERROR = 1, 2


class _Outlet(io.FileIO):
    """A descriptor to write to. What fails in the forgiven way is as good as written."""

    def __init__(self, descriptor: int, forgiven: type[OSError]) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._forgiven = forgiven
        self.is_read = True

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all of it, if it can be written; returns the number of bytes."""
        rest = memoryview(data).cast("B")
        try:
            while rest:
                written: int | None = super().write(rest)
                if written is None:  # a pipe that does not wait, and is full
                    select([], [self], [])
                rest = rest[written or 0 :]
        except self._forgiven:
            self.is_read = False
        return memoryview(data).nbytes


def open_streams() -> None:
    """Let results go on where their reader has gone, and messages whatever becomes of them.

    So `digest status | head -1` ends as `digest status` does, and a run with a full disk under its
    log as one with room. A full disk under results still is an OSError: they were asked for. What
    was closed beforehand leads nowhere from now on, so that no file of ours takes its number.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= _ERROR:
        os.set_inheritable(number, True)
    os.close(number)
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BytesIO())
    sys.stdout = _stream(sys.stdout, _Outlet(_OUTPUT, BrokenPipeError))
    sys.stderr = _stream(sys.stderr, _Outlet(_ERROR, OSError))


def is_read() -> bool:
    """Whether standard output had its reader until now."""
    outlet = sys.stdout.buffer
    return not isinstance(outlet, _Outlet) or outlet.is_read


def _stream(before: TextIO | None, outlet: _Outlet) -> TextIO:
    """A stream like the one before, without its buffer of bytes.

    A signal's exception that comes right behind a write would leave there what is written already,
    and it would be written again.
    """
    encoding = before.encoding if before else "utf-8"
    return io.TextIOWrapper(outlet, encoding, line_buffering=True)
