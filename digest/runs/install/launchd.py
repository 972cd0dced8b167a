"""An agent for a user's launchd, on macOS."""

from __future__ import annotations

import plistlib
from pathlib import Path

from digest.runs.install.files import SEAL, OwnFiles
from digest.runs.install.job import Job

# What speaks of `--` must not stand in an XML comment, so no path does.
_MADE = f"<!-- Made by `digest install launchd`, seal {SEAL} -->\n"

_ADVICE = """\
To start it, or after a change:
  launchctl bootout gui/$(id -u)/{label} 2>/dev/null
  launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{label}.plist"""


def agent(job: Job, folder: Path) -> OwnFiles:
    """The agent, for the folder of a user's agents. It runs at once what a sleep kept from it."""
    fields: dict[str, object] = {
        "Label": job.name,
        "ProgramArguments": list(job.words),
        "StartCalendarInterval": [
            {"Weekday": (time.weekday + 1) % 7, "Hour": time.hour, "Minute": time.minute}
            for time in sorted(job.times)
        ],
        "StandardOutPath": str(job.log),
        "StandardErrorPath": str(job.log),
        "ProcessType": "Background",
    }
    if job.environment:
        fields["EnvironmentVariables"] = dict(job.environment)
    text = plistlib.dumps(fields, sort_keys=False).decode()
    before, root, after = text.partition("<plist ")
    return OwnFiles(
        ((folder / f"{job.name}.plist", f"{before}{_MADE}{root}{after}"),),
        _ADVICE.format(label=job.name),
    )
