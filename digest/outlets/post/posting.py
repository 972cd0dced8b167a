"""Pass letters to the process that delivers them, and read what came of each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from threading import Timer
from typing import Protocol

from digest.model.errors import PostError
from digest.outlets.post.letters import Answer, Letter, Result, Server, packed

#: How long letters may take, a few seconds of which Apprise needs for itself.
PATIENCE_SECONDS = 60.0


class Post(Protocol):
    """Sends letters; `post` does it."""

    def __call__(
        self,
        letters: Sequence[Letter],
        server: Server | None = None,
        *,
        patience: float = PATIENCE_SECONDS,
    ) -> Iterator[tuple[int, Answer]]:
        """Each letter's number and what came of it. Raises PostError."""


def post(
    letters: Sequence[Letter],
    server: Server | None = None,
    *,
    patience: float = PATIENCE_SECONDS,
) -> Iterator[tuple[int, Answer]]:
    """Send letters, in `patience` seconds at most; each with its number as soon as it is known.

    Mail goes by the server. Every letter has an answer in the end. Raises PostError if nothing
    can be started.
    """
    try:
        process = subprocess.Popen(
            # -P: no module of the folder that it happens to be started in.
            (sys.executable, "-P", "-m", "digest.outlets.post.delivery"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise PostError(f"nothing can be sent: {sys.executable}: {error.strerror}") from None
    open_letters = set(range(len(letters)))
    alarm = Timer(patience, process.kill)
    alarm.start()
    with process:
        try:
            for number, answer in _answers(process, packed(letters, server)):
                open_letters.discard(number)
                yield number, answer
            is_late = not alarm.is_alive()
        finally:
            alarm.cancel()
            process.kill()
    for number in sorted(open_letters):
        yield number, Answer(Result.SILENT if is_late else Result.NOT_ACCEPTED)


def _answers(process: subprocess.Popen[bytes], letters: bytes) -> Iterator[tuple[int, Answer]]:
    # Not by arguments, which everybody on the machine can see.
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    with suppress(BrokenPipeError):
        process.stdin.write(letters)
        process.stdin.close()
    for line in process.stdout:
        number, result, code = line.decode().split()
        yield int(number), Answer(Result(result), int(code))
