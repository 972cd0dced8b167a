"""A digest as a mail: HTML and plain text, the one or the other to be read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from digest.outlets.mail.html import html_text
from digest.outlets.mail.text import plain_text
from digest.outlets.mail.words import subject
from digest.outlets.post.letters import Mail
from digest.writer.editions import Edition

_NAME = "arxiv-daily-digest"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the mails of a workspace have in common.

    `sender` is the address that they come from, `site` that of the pages, or empty; `workspace`
    tells this one from all others.
    """

    sender: str
    site: str
    workspace: str


def mails(
    edition: Edition, head: Letterhead, addresses: dict[str, str], now: datetime
) -> dict[str, Mail]:
    """The mail to each address; both are by the receiver's name."""
    text, html = plain_text(edition, head.site), html_text(edition, head.site)

    def mail(address: str) -> Mail:
        message = EmailMessage(policy=SMTP)
        message["Subject"] = subject(edition)
        message["From"] = Address(_NAME, addr_spec=head.sender)
        message["To"] = Address(addr_spec=address)
        message["Date"] = now
        message["Message-ID"] = _message_id(edition, head, address)
        # RFC 3834: nobody who is on leave has to answer.
        message["Auto-Submitted"] = "auto-generated"
        # Every server on the way may take 7 bits only.
        message.set_content(text, cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        return Mail(address, message.as_bytes().decode("ascii"))

    return {name: mail(address) for name, address in addresses.items()}


def _message_id(edition: Edition, head: Letterhead, address: str) -> str:
    """Equal whenever the digest of a day is sent to an address: what comes twice is known as that.

    Mail programs show such a mail once.
    """
    what = "\n".join((head.workspace, edition.day.isoformat(), address))
    name = sha256(what.encode(errors="surrogateescape")).hexdigest()[:32]
    return f"<{edition.day}.{name}@{head.sender.rpartition('@')[2]}>"
