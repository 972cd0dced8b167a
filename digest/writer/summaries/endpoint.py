"""An OpenAI-compatible address: one POST to `/chat/completions` for each question.

Servers differ in how they can be held to JSON: by a schema (`json_schema`), to any JSON object
(`json_object`), or not at all. The strictest form that a server takes is found by trying, and is
remembered by whoever asks. No SDK is used: those there are take 0.16 to 3.1 s to import.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import tenacity
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digest.model.errors import SummaryError
from digest.writer.summaries.answer import SCHEMA, Reply

#: Tokens of an answer: some three times what 80 words and the JSON around them need.
MOST_TOKENS = 400

#: How an answer is held to JSON, the strictest form first.
FORMS: tuple[dict[str, Any] | None, ...] = (
    {"type": "json_schema", "json_schema": {"name": "summary", "strict": True, "schema": SCHEMA}},
    {"type": "json_object"},
    None,
)

_BAD_REQUEST = (httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY)
_SERVER_ERRORS = 500
_LARGEST_BODY = 256 * 2**10
_ATTEMPTS = 3
_LONGEST_PAUSE = 30.0


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore")
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    model_config = ConfigDict(extra="ignore")
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    model_config = ConfigDict(extra="ignore")
    total_tokens: int = Field(ge=0, le=10**9)


class _Completion(BaseModel):
    model_config = ConfigDict(extra="ignore")
    choices: tuple[_Choice, ...] = Field(min_length=1)
    usage: _Usage | None = None


class Endpoint:
    """One address with one model. May be asked by several threads at once.

    `form` is the number of the form of `FORMS` to begin with. `timeout` is for a whole answer, in
    seconds. Neither the key nor what a server says of it is ever part of a message.
    """

    def __init__(
        self,
        client: httpx.Client,
        base_url: str,
        model: str,
        key: str,
        *,
        form: int,
        timeout: float,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self.form = form
        self.requests = 0
        self._client = client
        self._base = base_url.rstrip("/")
        self._model = model
        self._key = key
        self._timeout = timedelta(seconds=timeout)
        self._now = now
        self._sleep = sleep

    def ask(self, system: str, question: str) -> Reply:
        """The answer to a question. Raises SummaryError."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_passing),
            stop=tenacity.stop_after_attempt(_ATTEMPTS),
            wait=_pause,
            sleep=self._sleep,
            reraise=True,
        )
        while True:
            form = self.form
            try:
                return retrying(self._once, system, question, FORMS[form])
            except _FormRefused:
                # Another thread may have found the next form meanwhile.
                self.form = max(self.form, form + 1)

    def _once(self, system: str, question: str, form: dict[str, Any] | None) -> Reply:
        request: dict[str, Any] = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": question},
            ],
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
        }
        if form is not None:
            request["response_format"] = form
        status, headers, body = self._exchange(request)
        if status == httpx.codes.OK:
            return _reply(body)
        if (
            status in (httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY)
            and form is not None
        ):
            raise _FormRefused("the form of the answer was refused")
        raise self._refusal(status, headers)

    def _exchange(self, request: dict[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        self.requests += 1
        headers = {"Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        ends = self._now() + self._timeout
        body = bytearray()
        try:
            with self._client.stream(
                "POST", f"{self._base}/chat/completions", json=request, headers=headers
            ) as response:
                # What is packed can be a million times as large as what came.
                if response.headers.get("content-encoding", "identity") != "identity":
                    raise SummaryError("the answer has an unexpected Content-Encoding")
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > _LARGEST_BODY:
                        raise SummaryError("the answer is larger than any summary")
                    if self._now() > ends:
                        raise SummaryError("the answer did not come in time", is_passing=True)
                return response.status_code, response.headers, bytes(body)
        except httpx.TimeoutException:
            raise SummaryError("the answer did not come in time", is_passing=True) from None
        except httpx.ConnectError as error:
            raise SummaryError(
                f"no connection to the language model: {self._base}: {_cause(error)}",
                hint="start the server, or correct [llm] base_url",
                is_final=True,
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SummaryError(
                f"no answer from the language model: {type(error).__name__}", is_passing=True
            ) from None

    def _refusal(self, status: int, headers: httpx.Headers) -> SummaryError:
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            return SummaryError(
                f"the language model's server does not accept the key: HTTP {status}",
                hint="set DIGEST_LLM__API_KEY, or correct the file of [llm] api_key_file",
                is_final=True,
            )
        if status == httpx.codes.NOT_FOUND:
            return SummaryError(
                f"{self._base} does not have the model {self._model!r}: HTTP 404",
                hint="correct [llm] model or base_url",
                is_final=True,
            )
        passing = (
            status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR
        )
        return SummaryError(
            f"the language model's server cannot answer: HTTP {status}",
            is_passing=passing,
            retry_after=_seconds(headers.get("retry-after")),
            is_final=not passing,
        )


class _FormRefused(SummaryError):
    """The server does not take the form of answer that was asked for."""


def _reply(body: bytes) -> Reply:
    try:
        completion = _Completion.model_validate(json.loads(body))
    except (ValueError, RecursionError, ValidationError):
        raise SummaryError("the answer is not a chat completion") from None
    choice = completion.choices[0]
    problem = ""
    if choice.finish_reason == "length":
        problem = "the answer was cut off"
    if choice.message.refusal or choice.finish_reason == "content_filter":
        problem = "the model refused to answer"
    tokens = completion.usage.total_tokens if completion.usage else None
    return Reply(choice.message.content or "", tokens, problem)


def _is_passing(error: BaseException) -> bool:
    return (
        isinstance(error, SummaryError) and error.is_passing and error.retry_after <= _LONGEST_PAUSE
    )


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, SummaryError) else 0.0
    return max(asked, 2.0**state.attempt_number)


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.strip().isdecimal() else 0.0


def _cause(error: Exception) -> str:
    return str(error) or type(error).__name__
