"""One digest on its way: a letter for every receiver, to the post."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from importlib.util import find_spec

from digest.config import Config
from digest.model.errors import UsageError
from digest.outlets.mail.chat import chat
from digest.outlets.mail.mail import Letterhead, mails
from digest.outlets.mail.receivers import Receiver
from digest.outlets.post.letters import Answer, Letter, Result, Server
from digest.outlets.post.posting import PATIENCE_SECONDS, Post
from digest.outlets.post.secret_files import secret_text
from digest.writer.editions import Edition

PORTS = {"tls": 465, "starttls": 587, "none": 25}

#: A mail server that greets slowly is no reason to give up those at the end of a list.
_SECONDS_A_LETTER = 10.0


class Dispatch:
    """Sends editions as a workspace is configured to; `now` is the clock."""

    def __init__(self, config: Config, now: Callable[[], datetime], post: Post) -> None:
        self._settings = config.send
        self._site = config.site.url
        self._now = now
        self._post = post

    def send(
        self, edition: Edition, to: Sequence[Receiver], workspace: str
    ) -> Iterator[tuple[Receiver, Answer]]:
        """Every receiver with what came of it, as soon as that is known.

        `workspace` tells these mails from others of the day. Raises PostError, UsageError
        and ConfigError.
        """
        has_apprise = find_spec("apprise") is not None
        reached = [one for one in to if one.is_mail or has_apprise]
        for receiver in to:
            if receiver not in reached:
                yield receiver, Answer(Result.NOT_INSTALLED)
        if not reached:
            return
        letters = self._letters(edition, reached, workspace)
        server = self._server() if any(one.is_mail for one in reached) else None
        patience = PATIENCE_SECONDS + _SECONDS_A_LETTER * len(letters)
        for number, answer in self._post(letters, server, patience=patience):
            yield reached[number], answer

    def _letters(self, edition: Edition, to: Sequence[Receiver], workspace: str) -> list[Letter]:
        head = Letterhead(self._settings.sender, self._site, workspace)
        by_mail = {one.name: one.address for one in to if one.is_mail}
        mail = mails(edition, head, by_mail, self._now()) if by_mail else {}
        return [mail.get(one.name) or chat(edition, self._site, one.address) for one in to]

    def _server(self) -> Server:
        settings = self._settings
        return Server(
            settings.host,
            settings.port or PORTS[settings.security],
            settings.security,
            settings.sender,
            settings.user,
            self._password() if settings.user else "",
        )

    def _password(self) -> str:
        password = self._settings.password.get_secret_value()
        if password:
            return password
        file = self._settings.password_file
        if file is None:
            raise UsageError(
                "mail cannot be sent: the password of [send] user is missing",
                hint="set DIGEST_SEND__PASSWORD, or name a file with it as password_file",
            )
        return secret_text(file, "send.password_file").rstrip("\r\n")
