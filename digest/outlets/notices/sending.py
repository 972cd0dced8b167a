"""Send a notice to every address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from digest.model.distribution import install_command
from digest.model.errors import NoticeError
from digest.outlets.notices.addresses import Address
from digest.outlets.notices.decision import Notice
from digest.outlets.post.letters import Chat
from digest.outlets.post.posting import PATIENCE_SECONDS, post


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of a notice: how many addresses accepted it, and why each other one did not."""

    accepted: int
    problems: tuple[str, ...] = ()


def send(notice: Notice, to: Sequence[Address], patience: float = PATIENCE_SECONDS) -> Delivery:
    """Send a notice to every address, at most for `patience` seconds.

    Raises NoticeError if Apprise is not installed, and PostError if it cannot be started.
    """
    if find_spec("apprise") is None:
        raise NoticeError(
            "notices cannot be sent: Apprise is not installed",
            hint=install_command("notify"),
        )
    letters = [Chat(one.url, notice.kind, notice.title, (notice.text,)) for one in to]
    answers = sorted(post(letters, patience=patience))
    problems = tuple(
        f"{to[number].name}: {answer.why}" for number, answer in answers if not answer.is_sent
    )
    return Delivery(len(to) - len(problems), problems)
