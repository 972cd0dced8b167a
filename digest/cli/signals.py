"""SIGTERM, as a service manager or a shutdown sends it, ends a command as Ctrl-C does."""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn


class Terminated(BaseException):
    """SIGTERM has come. No Exception, so that nothing takes it for an error of its own."""


def raise_on_sigterm() -> None:
    """From now on SIGTERM raises Terminated, and a second one ends the process where it is."""
    signal.signal(signal.SIGTERM, _raise)


def _raise(_number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise Terminated
