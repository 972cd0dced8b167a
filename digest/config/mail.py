"""Mail addresses and host names: the errors that their form shows."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from digest.config.mistakes import mistake

_LABELS = r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
#: A dot-atom of RFC 5321 and a domain; quoted names and letters beyond ASCII are not taken.
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@{_LABELS}"
_HOST = rf"{_LABELS}|[0-9A-Fa-f:]{{2,45}}"


def is_mail_address(text: str) -> bool:
    """Whether mail can be addressed so."""
    return re.fullmatch(_ADDRESS, text) is not None


def _mail_address(text: str) -> str:
    if text and not is_mail_address(text):
        raise mistake("is not a mail address")
    return text


def _host_name(text: str) -> str:
    if text and not re.fullmatch(_HOST, text):
        raise mistake("is not a host name")
    return text


#: A mail address, or nothing. A wrong one is not repeated.
MailAddress = Annotated[
    str,
    AfterValidator(_mail_address),
    WithJsonSchema({"type": "string", "pattern": f"^(?:{_ADDRESS})?$"}),
]

#: A host by its name or address, or nothing.
HostName = Annotated[
    str,
    AfterValidator(_host_name),
    WithJsonSchema({"type": "string", "pattern": f"^(?:{_HOST})?$"}),
]
