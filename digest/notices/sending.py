"""Send a notice, in a process of its own.

What a library prints, logs or raises with an address in it ends with that process, and so does a
server that never comes to the end of its answer. The addresses go through a pipe: arguments of
processes can be seen by everybody.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from digest.errors import NoticeError
from digest.notices.addresses import Address
from digest.notices.decision import Notice

#: How long all addresses together may take, a few seconds of which Apprise needs for itself.
PATIENCE_SECONDS = 60.0

_WHY = {
    "unknown": "it is no address that Apprise knows",
    "unsafe": "it gives up the check of certificates (verify=no) or follows redirects "
    "(redirect=yes)",
    "not-accepted": "it did not accept the notice, or cannot be reached",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of a notice: how many addresses accepted it, and why each other one did not."""

    accepted: int
    problems: tuple[str, ...] = ()


def send(notice: Notice, to: Sequence[Address], patience: float = PATIENCE_SECONDS) -> Delivery:
    """Send a notice to every address, at most for `patience` seconds.

    Raises NoticeError if Apprise is not installed or cannot be started.
    """
    if find_spec("apprise") is None:
        raise NoticeError(
            "notices cannot be sent: Apprise is not installed",
            hint="pip install 'arxiv-digest[notify]'",
        )
    letter = {
        "urls": [address.url for address in to],
        "kind": notice.kind,
        "title": notice.title,
        "text": notice.text,
    }
    output, missing = _delivered(json.dumps(letter).encode(), patience)
    results = dict(line.split() for line in output.decode().splitlines())
    problems = []
    for index, address in enumerate(to):
        result = results.get(str(index), "")
        if result != "sent":
            problems.append(f"{address.name}: {_WHY.get(result, missing)}")
    return Delivery(len(to) - len(problems), tuple(problems))


def _delivered(letter: bytes, patience: float) -> tuple[bytes, str]:
    """What `digest.notices.delivery` wrote, and why a result is not there."""
    try:
        ended = subprocess.run(
            # -P: no module of the folder that it happens to be started in.
            (sys.executable, "-P", "-m", "digest.notices.delivery"),
            input=letter,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return error.stdout or b"", f"it did not answer within {patience:g} s"
    except OSError as error:
        raise NoticeError(f"notices cannot be sent: {sys.executable}: {error.strerror}") from None
    return ended.stdout, _WHY["not-accepted"]
