"""Messages by Apprise, of which this is the only home."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed

from apprise import Apprise, AppriseAsset, NotifyBase

from digest.outlets.post.fitting import fitted
from digest.outlets.post.letters import Answer, Chat, Result


def send_chats(chats: Mapping[int, Chat]) -> Iterator[tuple[int, Answer]]:
    """Send to all addresses at once; each with its number as soon as it is done."""
    with ThreadPoolExecutor(len(chats)) as pool:
        tasks = {pool.submit(_sender(chat)): number for number, chat in chats.items()}
        for task in as_completed(tasks):
            yield tasks[task], Answer(Result.NOT_ACCEPTED if task.exception() else task.result())


def _sender(chat: Chat) -> Callable[[], Result]:
    asset = AppriseAsset(app_id="arxiv-daily-digest", async_mode=False, http_redirects=False)
    service = Apprise.instantiate(chat.url, asset=asset)
    if not isinstance(service, NotifyBase):
        return lambda: Result.UNKNOWN
    # An address may ask for less than is promised: any certificate, any host.
    if service.redirects or not service.verify_certificate:
        return lambda: Result.UNSAFE
    text = fitted(chat, service.body_maxlen)

    def send() -> Result:
        one = Apprise(service, asset=asset)
        sent = one.notify(body=text, title=chat.title, notify_type=chat.kind, body_format="text")
        return Result.SENT if sent else Result.NOT_ACCEPTED

    return send
