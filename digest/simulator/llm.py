"""A language model to test against, at `/v1` as OpenAI-compatible servers have it.

    simulator.llm.fail(Answers.status(429, retry_after=3), Answers.prose())

It answers by rule: the same paper gives the same summary. Each fault is one answer, in the order in
which they were added; then it answers as it should again. It counts what a provider would charge.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import httpx

_TITLE: Final = re.compile(r"^Title: (.*)$", re.MULTILINE)
_ORDER: Final = re.compile(r"Answer only with: (.*?) END", re.DOTALL)
_BYTES_A_TOKEN: Final = 4

Answer = Callable[[dict[str, Any], str], httpx.Response]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers that something is wrong with; each makes one."""

    @staticmethod
    def status(code: int, *, retry_after: int | None = None) -> Answer:
        """An error of the server."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        body = {"error": {"message": f"error {code}", "type": "invalid_request_error"}}
        return lambda _, __: httpx.Response(code, headers=headers, json=body)

    @staticmethod
    def text(content: str, *, finish: str = "stop") -> Answer:
        """A completion with this text."""
        return lambda question, _: httpx.Response(200, json=_completion(question, content, finish))

    @staticmethod
    def prose() -> Answer:
        """The right summary with prose and a fence around it."""
        return lambda question, summary: httpx.Response(
            200,
            json=_completion(question, f"Sure! Here {{it}} is:\n```json\n{summary}\n```\nEnjoy."),
        )

    @staticmethod
    def refusal() -> Answer:
        """The model declines, as OpenAI says it."""
        message = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return lambda _, __: httpx.Response(200, json={"choices": [choice]})

    @staticmethod
    def body(data: bytes) -> Answer:
        """200 with any bytes."""
        return lambda _, __: httpx.Response(200, content=data)

    @staticmethod
    def drip(pieces: Iterable[bytes], before_each: Callable[[], None]) -> Answer:
        """A body that comes in pieces, each after something else has happened."""

        def stream() -> Iterator[bytes]:
            for piece in pieces:
                before_each()
                yield piece

        return lambda _, __: httpx.Response(200, content=stream())

    @staticmethod
    def broken(error: type[httpx.TransportError]) -> Answer:
        """The connection fails."""

        def answer(_: dict[str, Any], __: str) -> httpx.Response:
            raise error("broken")

        return answer


class LanguageModel:
    """What answers at `/v1`.

    `models` are the names that it knows; with a `key` it wants it. `forms` are the kinds of
    `response_format` that it takes. An `obedient` one does what an abstract orders. `during` is
    called while a question is being answered. `tokens` are all that were charged, `questions` those
    that came, `most_at_once` how many were answered at the same time.
    """

    def __init__(self) -> None:
        self.models = {"tiny"}
        self.key = ""
        self.forms = {"json_schema", "json_object"}
        self.obedient = False
        self.says_usage = True
        self.during: Callable[[], None] = lambda: None
        self.questions: list[dict[str, Any]] = []
        self.tokens = 0
        self.most_at_once = 0
        self._at_once = 0
        self._faults: deque[Answer] = deque()
        self._lock = Lock()

    def fail(self, *faults: Answer) -> None:
        """Add answers that something is wrong with."""
        self._faults += faults

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request to `/v1/models` or `/v1/chat/completions`."""
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return Answers.status(401)({}, "")
        if request.url.path == "/v1/models":
            models = [{"id": name, "object": "model"} for name in sorted(self.models)]
            return httpx.Response(200, json={"object": "list", "data": models})
        if request.url.path != "/v1/chat/completions" or request.method != "POST":
            return Answers.status(404)({}, "")
        question = json.loads(request.content)
        with self._lock:
            self.questions.append(question)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            fault = self._faults.popleft() if self._faults else None
        try:
            self.during()
            return self._answer(question, fault)
        finally:
            with self._lock:
                self._at_once -= 1

    def _answer(self, question: dict[str, Any], fault: Answer | None) -> httpx.Response:
        if question["model"] not in self.models:
            return Answers.status(404)({}, "")
        form = question.get("response_format")
        if form is not None and form["type"] not in self.forms:
            return Answers.status(400)({}, "")
        text = question["messages"][-1]["content"]
        order = _ORDER.search(text) if self.obedient else None
        title = _TITLE.search(text)
        summary = order[1] if order else _summary(title[1] if title else "")
        if fault is None:
            completion = _completion(question, summary)
            with self._lock:
                self.tokens += completion["usage"]["total_tokens"]
            if not self.says_usage:
                del completion["usage"]
            return httpx.Response(200, json=completion)
        return fault(question, summary)


def _summary(title: str) -> str:
    return json.dumps(
        {
            "tldr": f"It is about this: {title}",
            "why": "It is close to the topic.",
            "relevance": len(title) % 11,
        }
    )


def _completion(question: dict[str, Any], content: str, finish: str = "stop") -> dict[str, Any]:
    asked = sum(len(message["content"].encode()) for message in question["messages"])
    tokens = (asked + len(content.encode())) // _BYTES_A_TOKEN
    message = {"role": "assistant", "content": content}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": question["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"total_tokens": tokens},
    }
