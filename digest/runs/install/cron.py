"""A crontab's lines for one workspace, between two comments that say so."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from digest.model.errors import UsageError
from digest.runs.install.job import Job
from digest.runs.install.times import cron_fields, together


@dataclass(frozen=True, slots=True)
class Crontab:
    """The entry of a job in the user's crontab."""

    job: Job
    advice = ""

    @property
    def text(self) -> str:
        """The comments and the lines between them."""
        command = _command(self.job)
        lines = (f"{cron_fields(times)} {command}" for times in together(self.job.times))
        first, last = self._marks
        return "\n".join((f"{first} {self.job.workspace}", *lines, last))

    def write(self) -> Sequence[str]:
        """Put it into the crontab; all other lines stay as they are."""
        from digest.runs.install import crontab

        before = crontab.read()
        after = self.placed(before)
        if after == before:
            return ["unchanged: the crontab"]
        crontab.write(after)
        return ["written: the crontab"]

    def placed(self, crontab: str) -> str:
        """A crontab with this entry, in the place of an earlier one of the same workspace.

        Raises UsageError if the end of that one is missing.
        """
        first, last = map(re.escape, self._marks)
        earlier = re.compile(rf"^{first} .*\n(?:(?!{first} ).*\n)*?{last}$", re.MULTILINE)
        if earlier.search(crontab):
            return earlier.sub(lambda _: self.text, crontab, count=1)
        if re.search(rf"^(?:{first} |{last}$)", crontab, re.MULTILINE):
            raise UsageError(
                f"install cron: the crontab has one of these lines without the other: "
                f"{' / '.join(self._marks)}",
                hint="Nothing was written. Remove the rest of the entry with `crontab -e`.",
            )
        end = "" if not crontab or crontab.endswith("\n") else "\n"
        return f"{crontab}{end}{self.text}\n"

    @property
    def _marks(self) -> tuple[str, str]:
        return f"# {self.job.name}:", f"# end of {self.job.name}"


def _command(job: Job) -> str:
    """The command for `/bin/sh`, as a line of a crontab."""
    variables = (f"{name}={_word(value)}" for name, value in job.environment.items())
    words = map(_word, job.words)
    return " ".join((*variables, *words, f">>{_word(str(job.log))}", "2>&1"))


def _word(word: str) -> str:
    r"""A word of the command.

    A percent sign ends the command unless a backslash stands before it. Some crons then take one
    of two backslashes away and some do not, so no two of them ever stand side by side.
    """
    # shlex puts every backslash between single quotes; `''` ends these and begins new ones.
    return shlex.quote(word).replace("\\", "\\''").replace("%", r"\%")
