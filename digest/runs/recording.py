"""The record of a run, begun with it and completed however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from digest.archive import Archive
from digest.model import Outcome
from digest.model.distribution import installed_version
from digest.model.errors import ArchiveError, DigestError, UsageError
from digest.model.reports import AuditReport, RunReport

if TYPE_CHECKING:
    from digest.config import Config


@dataclass(slots=True)
class Tally:
    """What a run has cost and made so far, and how it will have ended if nothing else happens."""

    requests: int = 0
    papers: int = 0
    digests: int = 0
    outcome: Outcome = Outcome.DONE
    problem: str = ""

    def settle(self, report: RunReport | AuditReport) -> None:
        """Take over how a run ended."""
        self.outcome = {0: Outcome.DONE, 3: Outcome.INCOMPLETE}.get(
            report.exit_code, Outcome.FAILED
        )
        self.problem = report.failure.message if report.failure else ""


@contextmanager
def recorded(
    archive: Archive, command: str, config: Config, now: Callable[[], datetime]
) -> Iterator[Tally]:
    """Keep the record of what is done inside, which fills the tally.

    The start is a transaction of its own, so a run that is killed is on record. Invalid
    arguments make no run. Raises ArchiveError; after another error only that one.
    """
    tally = Tally()
    number = archive.runs.begin(command, now(), installed_version(), fingerprint(config))

    def end(outcome: Outcome, problem: str) -> None:
        archive.runs.end(
            number,
            now(),
            outcome,
            problem,
            requests=tally.requests,
            papers=tally.papers,
            digests=tally.digests,
        )

    try:
        yield tally
    except UsageError:
        with suppress(ArchiveError):
            archive.runs.forget(number)
        raise
    except Exception as error:
        # What an unexpected error says may be anything; its name is enough to find it.
        problem = error.message if isinstance(error, DigestError) else type(error).__name__
        with suppress(ArchiveError):
            end(Outcome.FAILED, problem)
        raise
    except BaseException:  # a signal, or nobody wants the rest
        with suppress(ArchiveError):
            end(Outcome.STOPPED, "")
        raise
    end(tally.outcome, tally.problem)


def fingerprint(config: Config) -> str:
    """A short name of a configuration: equal for equal ones."""
    return sha256(repr(config).encode()).hexdigest()[:12]
