"""Which notice is due: a pure function of the last notice and how the workspace stands.

Trouble is reported once, however it changes: one state that needs a person is as good a reason to
look as another, and runs that fail on one day and stall on the next would otherwise fill a mailbox.
`waiting` decides nothing. It may follow a failure that the next run meets again, so the
notice that all is well is sent only when nothing is due any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from digest.model.errors import DigestError
from digest.model.reports import Standing, WorkspaceState


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent. `kind` is Apprise's word for the picture or colour: failure, success, info."""

    kind: str
    title: str
    text: str


TEST = Notice("info", "arxiv-daily-digest: test", "This is a test: notices arrive here.")


def failed(command: str, error: Exception) -> Standing:
    """How a workspace stands after a run that an error has ended, on record or not."""
    # What an unexpected error says may be anything; its name is enough to find it.
    problem = error.message if isinstance(error, DigestError) else type(error).__name__
    return Standing(
        WorkspaceState.FAILED,
        f"`digest {command}`: {problem}",
        "fix this, then run `digest run`",
    )


def due(warned: bool, standing: Standing) -> Notice | None:
    """The notice to send, None if none is due.

    `warned` is whether the last notice was of trouble.
    """
    if not warned and not standing.is_healthy:
        return Notice("failure", f"arxiv-daily-digest: {standing.state}", str(standing))
    if warned and standing.state in {WorkspaceState.FRESH, WorkspaceState.QUIET}:
        return Notice("success", "arxiv-daily-digest: well again", str(standing))
    return None
