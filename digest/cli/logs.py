"""Log lines on standard error: for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TextIO

from digest.cli.terminal import clean


class _Handler(logging.StreamHandler[TextIO]):
    """Drops a line that cannot be written: a full disk under the log must not end a run."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name for it
        """Ignore the error; logging would print a traceback."""


class _Text(logging.Formatter):
    """The time by the machine's clock, and the message; its further lines are indented."""

    def format(self, record: logging.LogRecord) -> str:
        # Titles and answers come from strangers: no line of theirs looks like one of ours.
        return clean(super().format(record)).replace("\n", "\n  ")


class _Json(logging.Formatter):
    """One object with `time` (UTC), `level`, `message`, and what the record has as `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry).replace("\x7f", "\\u007f")


def log_to(stream: TextIO, form: str = "text") -> logging.Logger:
    """A log that writes to a stream; `form` is "text" or "json"."""
    handler = _Handler(stream)
    text = _Text("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S")
    handler.setFormatter(_Json() if form == "json" else text)
    log = logging.Logger("digest")
    log.addHandler(handler)
    return log
