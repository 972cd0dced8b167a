"""What a run sends at its end, and how its report tells it.

The digests are stored by then, and nothing that goes wrong here changes them.
"""

from __future__ import annotations

from digest.model.errors import DigestError
from digest.model.reports import RunReport
from digest.outlets.mail.report import lines
from digest.outlets.mail.sending import Sending


def after_run(report: RunReport, sending: Sending) -> RunReport:
    """Send what is due; the run's report with what was sent, and with what was not."""
    try:
        sent = sending.send(sending.due())
    except DigestError as error:
        return report.and_then(error)
    return report.and_then(sent.failure, lines(sent))
