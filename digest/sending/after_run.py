"""What a run sends at its end, and how its report tells it.

The digests are stored by then, and nothing that goes wrong here changes them.
"""

from __future__ import annotations

from dataclasses import replace

from digest.errors import DigestError
from digest.report import RunReport
from digest.sending.report import lines
from digest.sending.sending import Sending


def after_run(report: RunReport, sending: Sending) -> RunReport:
    """Send what is due; the run's report with what was sent, and with what was not.

    What stopped the run itself stays its failure.
    """
    notes, failure = list(report.notes), report.failure
    problem: DigestError | None
    try:
        sent = sending.send(sending.due())
    except DigestError as error:
        problem = error
    else:
        notes += lines(sent)
        problem = sent.failure
    if problem and failure:
        notes.append(problem.message)
    return replace(report, notes=tuple(notes), failure=failure or problem)
