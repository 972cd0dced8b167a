"""A process that sends a notice to all addresses and writes a line for each: number and result.

Started by `digest.notices.sending`, which throws away what else it prints. Apprise's only home.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import redirect_stdout
from enum import StrEnum

from apprise import Apprise, AppriseAsset, NotifyBase


class Result(StrEnum):
    """What came of an address."""

    SENT = "sent"
    NOT_ACCEPTED = "not-accepted"
    UNKNOWN = "unknown"
    UNSAFE = "unsafe"


def deliver(urls: Sequence[str], kind: str, title: str, text: str) -> Iterator[tuple[int, Result]]:
    """Send to all addresses at once; each with its index as soon as it is done."""
    asset = AppriseAsset(app_id="arxiv-digest", async_mode=False, http_redirects=False)

    def sender(url: str) -> Callable[[], Result]:
        service = Apprise.instantiate(url, asset=asset)
        if not isinstance(service, NotifyBase):
            return lambda: Result.UNKNOWN
        # An address may ask for less than is promised: any certificate, any host.
        if service.redirects or not service.verify_certificate:
            return lambda: Result.UNSAFE

        def send() -> Result:
            one = Apprise(service, asset=asset)
            sent = one.notify(body=text, title=title, notify_type=kind, body_format="text")
            return Result.SENT if sent else Result.NOT_ACCEPTED

        return send

    with ThreadPoolExecutor(len(urls)) as pool:
        tasks = {pool.submit(send): index for index, send in enumerate(map(sender, urls))}
        for task in as_completed(tasks):
            yield tasks[task], Result.NOT_ACCEPTED if task.exception() else task.result()


if __name__ == "__main__":
    results = sys.stdout
    with redirect_stdout(sys.stderr):
        for index, result in deliver(**json.load(sys.stdin)):
            print(index, result, file=results, flush=True)
