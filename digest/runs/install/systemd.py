"""A service and a timer for a user's systemd."""

from __future__ import annotations

import re
from pathlib import Path

from digest.model.errors import UsageError
from digest.runs.install.files import SEAL, OwnFiles
from digest.runs.install.job import Job
from digest.runs.install.times import Times, together

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: What systemd takes in no name of a program, whatever stands around it.
_UNFIT = re.compile(r"[\"'\\]")

_MADE = f"# Made by `digest install systemd`, seal {SEAL}\n"

# Exit 3 and 4 are not failures: the next run goes on. Without `:` before the program systemd would
# put variables in place of their names.
_SERVICE = """\
{made}[Unit]
Description=arXiv digests ({workspace})

[Service]
Type=oneshot
{environment}ExecStart=:{command}
SuccessExitStatus=3 4
StandardOutput=append:{log}
StandardError=append:{log}
"""

_TIMER = """\
{made}[Unit]
Description=Times of the arXiv digests ({workspace})

[Timer]
{calendar}
Persistent=true

[Install]
WantedBy=timers.target
"""

_ADVICE = """\
To start it:
  systemctl --user daemon-reload
  systemctl --user enable --now {timer}
To have it run while you are not logged in:
  loginctl enable-linger"""


def units(job: Job, folder: Path) -> OwnFiles:
    """Both units, for the folder of a user's units. Raises UsageError."""
    program = job.program[0]
    if _UNFIT.search(program):
        raise UsageError(
            f"install systemd: {program}: systemd cannot start a program with quotes or "
            "backslashes in "
            "its path",
            hint="Install arxiv-daily-digest in another folder.",
        )
    workspace = _specifiers(str(job.workspace))
    environment = (f"Environment={_word(f'{k}={v}')}\n" for k, v in job.environment.items())
    service = _SERVICE.format(
        made=_MADE,
        workspace=workspace,
        environment="".join(environment),
        command=" ".join(map(_word, job.words)),
        log=_specifiers(str(job.log)),
    )
    calendar = [f"OnCalendar={_calendar(each, job.timezone)}" for each in together(job.times)]
    timer = _TIMER.format(made=_MADE, workspace=workspace, calendar="\n".join(calendar))
    return OwnFiles(
        ((folder / f"{job.name}.service", service), (folder / f"{job.name}.timer", timer)),
        _ADVICE.format(timer=f"{job.name}.timer"),
    )


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")


def _word(word: str) -> str:
    """A word of a command line, in quotes where it needs them."""
    escaped = _specifiers(word.replace("\\", r"\\").replace('"', r"\""))
    return escaped if re.fullmatch(r"[\w./:=%+@-]+", word, re.ASCII) else f'"{escaped}"'


def _calendar(times: Times, timezone: str) -> str:
    days = times.weekdays
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        week = f"{_DAYS[days[0]]}..{_DAYS[days[-1]]}"
    else:
        week = ",".join(_DAYS[day] for day in days)
    hours = ",".join(f"{hour:02}" for hour in times.hours)
    return f"{week} *-*-* {hours}:{times.minute:02}:00 {timezone}"
