"""Who gets digests: names that are shown, and addresses that never are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from digest.config.mail import is_mail_address
from digest.model.errors import ConfigError, Problem, UsageError
from digest.outlets.post.secret_files import refused, secret_lines

_KEY = "send.receivers_file"

#: Nothing that is an address itself.
_NAME = re.compile(r"\w[\w.-]{0,39}")
#: Apprise would take these, and make other mail of a digest than this program does.
_MAIL_URL = re.compile(r"mailtos?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who gets digests: by mail, or by one of Apprise's services."""

    name: str
    address: str = field(repr=False)

    @property
    def is_mail(self) -> bool:
        """Whether the address is one of mail."""
        return is_mail_address(self.address)


def receivers(file: Path | None) -> list[Receiver]:
    """The receivers of a file, in its order: one a line, a name and an address.

    Raises ConfigError with every line that is wrong, never with what stands in it, and if the file
    cannot be used; UsageError if there is no file.
    """
    if file is None:
        raise UsageError(
            "no receivers configured: [send] receivers_file is empty",
            hint="write a name and an address a line into a file, and name it there",
        )
    found: dict[str, Receiver] = {}
    problems = []
    for number, line in secret_lines(file, _KEY):
        name, address = [*line.split(maxsplit=1), ""][:2]
        problem = _problem(name, address, found)
        if problem:
            problems.append(Problem(str(file), number, _KEY, problem))
        found.setdefault(name, Receiver(name, address))
    if problems:
        raise ConfigError(
            problems, hint="a line is a name of your choice and an address: ana ana@example.org"
        )
    if not found:
        raise refused(file, _KEY, "is empty")
    return list(found.values())


def chosen(all_of_them: Sequence[Receiver], names: Sequence[str]) -> list[Receiver]:
    """Those with the names, all of them if none is given. Raises UsageError for another name."""
    known = {receiver.name for receiver in all_of_them}
    for name in names:
        if name not in known:
            raise UsageError(
                f"receiver {name!r} does not exist",
                hint=f"receivers are: {', '.join(sorted(known))}",
            )
    return [receiver for receiver in all_of_them if not names or receiver.name in names]


def _problem(name: str, address: str, others: dict[str, Receiver]) -> str:
    if not address:
        return "a name or an address is missing"
    if not _NAME.fullmatch(name):
        return "a name has letters, digits, '.', '-' and '_' only, and not more than 40"
    if name in others:
        return "this name was used above"
    if _MAIL_URL.match(address):
        return "write a mail address without mailto, and the server into [send]"
    if "://" not in address and not is_mail_address(address):
        return "this is neither a mail address nor one of Apprise"
    return ""
