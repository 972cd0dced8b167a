"""What is to be sent, and what came of it, as values that go through a pipe."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from digest.model.distribution import install_command


@dataclass(frozen=True, slots=True)
class Chat:
    """A message by Apprise. `kind` is its word for picture or colour: info, success, failure.

    `pieces` are set one below the other with `end` behind them. If that is more than the service
    takes, only as many pieces as fit, and behind them `rest`, in which `{left}` stands for the
    number of the others; without `rest` nothing is cut.
    """

    url: str = field(repr=False)
    kind: str
    title: str
    pieces: tuple[str, ...]
    end: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one address; `message` is the whole of it, in ASCII."""

    address: str = field(repr=False)
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Server:
    """The SMTP server that takes mail, how it is spoken to, and in whose name.

    `security` is "tls", "starttls" or "none".
    """

    host: str
    port: int
    security: str
    sender: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


Letter = Chat | Mail


class Result(StrEnum):
    """What came of a letter."""

    SENT = "sent"
    # By Apprise.
    NOT_ACCEPTED = "not-accepted"
    UNKNOWN = "unknown"
    UNSAFE = "unsafe"
    NOT_INSTALLED = "not-installed"
    # By mail.
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    NOT_OFFERED = "not-offered"
    LOGIN = "login"
    LATER = "later"
    REFUSED = "refused"
    # By any way.
    SILENT = "silent"


_WHY = {
    Result.NOT_ACCEPTED: "it did not accept the message, or cannot be reached",
    Result.UNKNOWN: "Apprise does not know this kind of address",
    Result.UNSAFE: "it turns off the check of certificates (verify=no) or follows redirects "
    "(redirect=yes)",
    Result.NOT_INSTALLED: "Apprise is not installed",
    Result.UNREACHABLE: "the mail server cannot be reached, or closed the connection",
    Result.UNTRUSTED: "the mail server's certificate cannot be trusted",
    Result.NOT_OFFERED: "the mail server does not offer STARTTLS, or does not offer a login",
    Result.LOGIN: "the mail server does not accept user and password",
    Result.LATER: "the mail server does not accept it now",
    Result.REFUSED: "the mail server refuses it",
    Result.SILENT: "there was no answer in time",
}

_LASTING = {
    *(Result.UNKNOWN, Result.UNSAFE, Result.NOT_INSTALLED),
    *(Result.UNTRUSTED, Result.NOT_OFFERED, Result.LOGIN, Result.REFUSED),
}
_OUT_OF_REACH = {
    *(Result.UNREACHABLE, Result.UNTRUSTED, Result.NOT_OFFERED, Result.LOGIN, Result.SILENT),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a letter; `code` is the mail server's own, 0 if there is none."""

    result: Result
    code: int = 0

    @property
    def is_sent(self) -> bool:
        """Whether it was accepted."""
        return self.result is Result.SENT

    @property
    def is_lasting(self) -> bool:
        """Whether there is something to fix, so that repeating alone does not help."""
        return self.result in _LASTING

    @property
    def is_out_of_reach(self) -> bool:
        """Whether another letter to the same address would have the same answer."""
        return self.result in _OUT_OF_REACH

    @property
    def why(self) -> str:
        """Why a letter was not sent."""
        why = _WHY[self.result]
        if self.result is Result.NOT_INSTALLED:
            why += f": {install_command('send')}"
        return f"{why} ({self.code})" if self.code else why


def packed(letters: Sequence[Letter], server: Server | None) -> bytes:
    """Letters for the pipe; `unpacked` is the inverse."""
    return json.dumps(
        {
            "letters": [(type(letter).__name__, asdict(letter)) for letter in letters],
            "server": server and asdict(server),
        }
    ).encode()


def unpacked(data: bytes) -> tuple[list[Letter], Server | None]:
    """What was packed."""
    fields = json.loads(data)
    letters: list[Letter] = [
        Chat(**{**values, "pieces": tuple(values["pieces"])}) if kind == "Chat" else Mail(**values)
        for kind, values in fields["letters"]
    ]
    return letters, fields["server"] and Server(**fields["server"])
