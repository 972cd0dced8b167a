"""Everything that can go wrong, as one tree. Imports nothing of ours.

    DigestError                     exit
      ConfigError                     2   the configuration files and those they name, all problems
      UsageError                      2   a command's arguments
      LockHeld                        4   another run is using this workspace
      ArchiveError                    1   the SQLite file is damaged, foreign, newer or unwritable
      FetchError
        Unavailable                   3   arXiv is down, slow or sends invalid answers: worth
        repeating Blocked                       1   arXiv answered 403: stop at once Refused
        1   arXiv says the request is wrong: repeating cannot help
      WriteError                      1   a file cannot be written
      TemplateError                   1   the digest template
      FormatError                     1   a file is not a digest in the format
      PostError                       1   nothing can be sent
        NoticeError                   1   a notice to the operator was not sent
        SendError                     1   a digest was not sent, and there is something to fix
        SendLater                     3   a digest was not sent: worth repeating
      SiteError                       1   the web pages cannot be made
      SummaryError                    1   a language model gives no summary

A message reads `what: subject: cause`, and `hint` says what to do about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: The longest message that quotes arXiv, in characters.
_LONGEST = 1000


class DigestError(Exception):
    """The root. `exit_code` is what the command ends with, `hint` what a person can do."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a configuration file, or in one that it names.

    `line` is 1-based, None where no line can be named (a value from the environment). `where` is
    the file or the environment variable, `key` a dotted path such as `topic[1].group[2].color`,
    empty where it is the file itself.
    """

    where: str
    line: int | None
    key: str
    what: str
    allowed: str = ""

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}:{self.line}"
        what = f"{self.key}: {self.what}" if self.key else self.what
        return f"{place}: {what} ({self.allowed})" if self.allowed else f"{place}: {what}"


class ConfigError(DigestError):
    """All problems of the configuration, found in one reading."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem], *, hint: str = "") -> None:
        super().__init__("\n".join(map(str, problems)), hint=hint)
        self.problems = tuple(problems)


class UsageError(DigestError):
    """Invalid arguments, found after the command line was parsed."""

    exit_code = 2


class LockHeld(DigestError):
    """Another run is using the workspace."""

    exit_code = 4


class ArchiveError(DigestError):
    """The archive cannot be used; the file is left as it was."""


class FetchError(DigestError):
    """arXiv did not give what was asked for.

    What arXiv says may be of any length and have any shape: the message is one line, cut short.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        line = " ".join(message.split())
        super().__init__(line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…", hint=hint)


class Unavailable(FetchError):
    """arXiv cannot answer now. The only error that is worth repeating.

    `retry_after` is what arXiv asked to wait, in seconds; `too_large` says that a smaller page
    may work (5xx and time-outs), `is_unreachable` that nobody answered at all.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        retry_after: float | None = None,
        too_large: bool = False,
        is_unreachable: bool = False,
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after
        self.too_large = too_large
        self.is_unreachable = is_unreachable


class Blocked(FetchError):
    """403: arXiv blocks this program; continuing would look like an attack."""


class Refused(FetchError):
    """arXiv does not accept the request, or redirects it to somewhere else."""


class WriteError(DigestError):
    """A file cannot be written; what was there before is still there."""


class TemplateError(DigestError):
    """The digest template cannot be used. The message names file, line and variable."""


class FormatError(DigestError):
    """A file is not a digest in the format; `line` is 1-based."""

    def __init__(self, message: str, *, line: int) -> None:
        super().__init__(message)
        self.line = line


class PostError(DigestError):
    """Something cannot be sent. The message never has an address or a password in it."""


class NoticeError(PostError):
    """A notice to the operator was not sent."""


class SendError(PostError):
    """A digest was not sent to a receiver, and repeating it alone does not help."""


class SendLater(PostError):
    """A digest was not sent to a receiver; the next run repeats it."""

    exit_code = 3


class SiteError(DigestError):
    """The web pages of the digests cannot be made; the digests are there."""


class LibraryError(DigestError):
    """A library elsewhere, such as Zotero's, cannot be read or added to.

    `retry_after` is what it asked to wait, in seconds, if it is worth repeating.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        is_passing: bool = False,
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(message, hint=hint)
        self.is_passing = is_passing
        self.retry_after = retry_after


class SummaryError(DigestError):
    """A language model gave no summary; the digest does not depend on it.

    `is_final` says that other papers would fail as well: a wrong key, an unknown model, no such
    host. `retry_after` is what the endpoint asked to wait, in seconds, if it is worth repeating.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        is_final: bool = False,
        is_passing: bool = False,
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(message, hint=hint)
        self.is_final = is_final
        self.is_passing = is_passing
        self.retry_after = retry_after
