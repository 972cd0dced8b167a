"""SIGTERM, as a service manager or a shutdown sends it, ends a command as Ctrl-C does."""

from __future__ import annotations

import os
import signal
from threading import Event, Thread
from types import FrameType
from typing import NoReturn


class Terminated(BaseException):
    """SIGTERM has come. Not an Exception, so that no handler of errors catches it."""


def raise_on_sigterm() -> None:
    """From now on SIGTERM raises Terminated, and a second one ends the process where it is."""
    signal.signal(signal.SIGTERM, _raise)


def end_within(seconds: float) -> None:
    """From now on SIGTERM or Ctrl-C ends the process within so long, with 0, whatever it does.

    Python tells of a signal only between two steps of its own, and the system may be asked for the
    address of a host for half a minute. What is cut off then is as good as killed.
    """
    if os.name != "posix":
        return
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    # The one thing that happens at once when a signal comes.
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    Thread(target=_end, args=(ear, seconds), daemon=True).start()


def _end(ear: int, seconds: float) -> None:
    while os.read(ear, 1)[0] not in (signal.SIGTERM, signal.SIGINT):
        pass
    Event().wait(seconds)
    os._exit(0)


def _raise(_number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise Terminated
