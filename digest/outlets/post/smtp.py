"""Mail by SMTP: with TLS and checked certificates, or in plain to this machine alone."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from digest.outlets.post.letters import Answer, Mail, Result, Server

#: For each step of a conversation; RFC 5321 would wait for minutes.
_SECONDS = 20.0


def send_mails(server: Server, mails: Mapping[int, Mail]) -> Iterator[tuple[int, Answer]]:
    """Send mail by mail, each on a connection of its own; each with its number and answer.

    A mail that fails does not stop the next, unless the server is out of reach.
    """
    no_way: Answer | None = None
    for number, mail in mails.items():
        if no_way is None:
            try:
                connection = _connected(server)
            except (SMTPException, OSError, UnicodeError) as error:
                no_way = _no_way(error)
        if no_way is not None:
            yield number, no_way
            continue
        # Told before the farewell: it is accepted, whatever a server says to that.
        yield number, _sent(connection, server.sender, mail)
        with suppress(SMTPException, OSError):
            connection.quit()
        connection.close()


def greet(server: Server) -> Answer | None:
    """Why a server cannot be spoken to, with its login if it has one; None if it can."""
    try:
        connection = _connected(server)
    except (SMTPException, OSError, UnicodeError) as error:
        return _no_way(error)
    with suppress(SMTPException, OSError):
        connection.quit()
    connection.close()
    return None


def _sent(connection: SMTP, sender: str, mail: Mail) -> Answer:
    try:
        connection.sendmail(sender, [mail.address], mail.message.encode("ascii"))
    except SMTPRecipientsRefused as error:
        ((code, _),) = error.recipients.values()
        return _refused(code)
    except SMTPResponseException as error:
        return _refused(error.smtp_code)
    except (SMTPException, OSError):
        # It broke off: this mail may be the reason, so the others are tried.
        return Answer(Result.LATER)
    return Answer(Result.SENT)


def _connected(server: Server) -> SMTP:
    """A connection on which mail may be sent."""
    # Of which every certificate is checked, and that it is the host's.
    context = ssl.create_default_context()
    if server.security == "tls":
        connection: SMTP = SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
    else:
        connection = SMTP(server.host, server.port, timeout=_SECONDS)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _no_way(error: Exception) -> Answer:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Answer(Result.UNTRUSTED)
    if isinstance(error, UnicodeError):  # of a password that SMTP has no letters for
        return Answer(Result.LOGIN)
    if isinstance(error, SMTPAuthenticationError):
        # 454 and the like: the server cannot look it up now.
        is_lasting = error.smtp_code >= 500
        return Answer(Result.LOGIN if is_lasting else Result.UNREACHABLE, error.smtp_code)
    if isinstance(error, SMTPNotSupportedError):
        return Answer(Result.NOT_OFFERED)
    if isinstance(error, SMTPConnectError):
        return Answer(Result.UNREACHABLE, error.smtp_code)
    return Answer(Result.UNREACHABLE)


def _refused(code: int) -> Answer:
    return Answer(Result.REFUSED if code >= 500 else Result.LATER, code)
