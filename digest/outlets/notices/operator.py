"""Notices to the person who runs a workspace, once each."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from digest.config import Config
from digest.model.errors import DigestError, LockHeld, NoticeError, UsageError, WriteError
from digest.model.reports import Progress, Standing, Status
from digest.outlets.notices.addresses import Address, addresses
from digest.outlets.notices.decision import TEST, Notice, due, failed
from digest.outlets.notices.sending import Delivery, send
from digest.outlets.notices.warned import Warned


class Send(Protocol):
    """Sends a notice; `digest.outlets.notices.sending.send` does it."""

    def __call__(self, notice: Notice, to: Sequence[Address]) -> Delivery:
        """What came of it. Raises NoticeError."""


class Operator:
    """The operator of a configured workspace.

    `cache` is a folder of the user, and `alone` takes the workspace's lock.
    """

    def __init__(
        self,
        config: Config,
        cache: Path,
        alone: Callable[[], AbstractContextManager[None]],
        send: Send = send,
    ) -> None:
        self._output = config.digest.output
        self._settings = config.notify
        self._warned = Warned(config.digest.archive, cache)
        self._alone = alone
        self._send = send

    @contextmanager
    def watching(
        self, command: str, status: Callable[[], Status], progress: Progress
    ) -> Iterator[None]:
        """Send the notice that is due after the run that is made inside, however it ends.

        A notice that cannot be sent is reported to `progress`, and changes nothing else.
        """
        try:
            yield
        except (LockHeld, UsageError):  # there was no run
            raise
        except Exception as error:
            stands = failed(command, error)
            self._try_to_notify(lambda: stands, progress)
            raise
        self._try_to_notify(lambda: status().standing, progress)

    def _try_to_notify(self, standing: Callable[[], Standing], progress: Progress) -> None:
        if not self._settings.is_wanted:
            return
        try:
            self.notify(standing())
        except DigestError as error:
            progress.notice_failed(error)

    def notify(self, standing: Standing) -> None:
        """Send the notice that is due, if one is, and record it once an address accepted it.

        Raises NoticeError naming every address that did not, WriteError, and what `addresses` does.
        """
        if due(bool(self._warned), standing) is None:
            return
        with ExitStack() as stack:
            try:
                stack.enter_context(self._alone())
            except LockHeld:
                return  # by a run that sends it at its own end
            except WriteError:
                pass  # the folder cannot be written to: the notice is about that
            warned = bool(self._warned)  # two runs that end together send it once
            notice = due(warned, standing)
            if notice is None:
                return
            delivery = self._deliver(notice)
            if delivery.accepted:
                self._warned.note(not warned)
        _raise(delivery)

    def test(self) -> int:
        """Send a test notice; returns to how many addresses. Raises like `notify`."""
        delivery = self._deliver(TEST)
        _raise(delivery)
        return delivery.accepted

    def _deliver(self, notice: Notice) -> Delivery:
        text = f"{notice.text}\n\n{self._output} on {platform.node()}"
        to = addresses(self._settings.urls.get_secret_value(), self._settings.urls_file)
        return self._send(replace(notice, text=text), to)


def _raise(delivery: Delivery) -> None:
    if delivery.problems:
        raise NoticeError(
            "a notice was not sent: " + "; ".join(delivery.problems),
            hint="`apprise -vv --body test ADDRESS` shows details",
        )
