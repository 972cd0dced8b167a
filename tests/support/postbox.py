"""A real SMTP server on loopback: with TLS or without, and with recipients that make trouble."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).with_name("selfsigned.pem")
USER, PASSWORD = "me", "hunter2"


class Postbox:
    """What was accepted: a recipient and a message each, in order.

    `later@…` is not taken now, `never@…` never, and on `drop@…` the connection breaks off in the
    middle of the message. `on_data` is called before a message is accepted.
    """

    def __init__(self) -> None:
        self.port = 0
        self.accepted: list[tuple[str, str]] = []
        self.logins = 0
        self.is_private = True
        self.on_data: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002
    ) -> str:
        assert server.transport is not None
        self.is_private &= server.transport.get_extra_info("ssl_object") is not None
        name = address.partition("@")[0]
        if name in ("later", "never"):
            return {"later": "451 later please", "never": f"550 no {address} here"}[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        (address,) = envelope.rcpt_tos
        if address.startswith("drop@"):
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "451 gone"
        self.on_data()
        content = envelope.original_content
        assert content is not None
        self.accepted.append((address, content.decode("ascii")))
        return "250 OK"

    def login(self, *arguments: object) -> AuthResult:
        data = arguments[-1]
        assert isinstance(data, LoginPassword)
        self.logins += 1
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)


@contextmanager
def postbox(security: str, *, with_login: bool = True) -> Iterator[Postbox]:
    """A server that wants "tls", "starttls" or "none", and a login."""
    box = Postbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    def session() -> SMTP:
        return SMTP(
            box,
            hostname="localhost",
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=box.login if with_login else None,
            # It does not know that TLS from the first byte on is TLS, and would complain.
            auth_required=with_login and security == "starttls",
            auth_require_tls=security == "starttls",
        )

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(session, "127.0.0.1", 0, ssl=context if security == "tls" else None)
    )
    box.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def end() -> None:
        server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
