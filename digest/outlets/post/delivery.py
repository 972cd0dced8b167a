"""The process that sends letters, and writes a line for each: its number, the result, a code.

Started by `digest.outlets.post.posting`, which throws away what else it prints.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout

from digest.outlets.post.letters import Answer, Chat, Letter, Mail, Server, unpacked


def deliver(letters: Sequence[Letter], server: Server | None) -> Iterator[tuple[int, Answer]]:
    """Send all letters; each with its number as soon as it is done."""
    chats = {number: one for number, one in enumerate(letters) if isinstance(one, Chat)}
    mails = {number: one for number, one in enumerate(letters) if isinstance(one, Mail)}
    if mails and server:
        from digest.outlets.post.smtp import send_mails

        yield from send_mails(server, mails)
    if chats:
        from digest.outlets.post.chat import send_chats

        yield from send_chats(chats)


if __name__ == "__main__":
    results = sys.stdout
    with redirect_stdout(sys.stderr):
        for number, answer in deliver(*unpacked(sys.stdin.buffer.read())):
            print(number, answer.result, answer.code, file=results, flush=True)
