"""The installed distribution: its name, its version, and what its extras consist of."""

from __future__ import annotations

import re

NAME = "arxiv-daily-digest"

#: A requirement of the core metadata: its name, and the extra that it belongs to.
_OF_EXTRA = re.compile(r"([\w.-]+).*;.*\bextra == ['\"]([\w-]+)['\"]")


def installed_version() -> str:
    """The version that is installed."""
    from importlib.metadata import version  # imported late: it takes 10 ms of every start

    return version(NAME)


def libraries(extra: str) -> list[str]:
    """The names of the libraries of an extra, as the package index has them."""
    from importlib.metadata import requires

    found = map(_OF_EXTRA.match, requires(NAME) or ())
    return [match[1] for match in found if match and match[2] == extra]


def install_command(extra: str) -> str:
    """The command that installs an extra, by its libraries: this distribution is on no index."""
    return " ".join(("python -m pip install", *libraries(extra)))
