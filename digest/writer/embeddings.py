"""An OpenAI-compatible address: vectors of texts by POST to `/embeddings`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import tenacity
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digest.model.errors import LibraryError

#: Texts in one request, and the longest text in characters: small models read some 500 words.
AT_ONCE = 32
_LONGEST = 6_000
_ATTEMPTS = 3
_LONGEST_PAUSE = 30.0
_LARGEST_BODY = 32 * 2**20


class _Vector(BaseModel):
    model_config = ConfigDict(extra="ignore")
    index: int = Field(ge=0)
    embedding: tuple[float, ...] = Field(min_length=1, max_length=16_384)


class _Vectors(BaseModel):
    model_config = ConfigDict(extra="ignore")
    data: tuple[_Vector, ...]


class Embeddings:
    """One address with one model. The key is never part of a message."""

    def __init__(
        self,
        client: httpx.Client,
        base_url: str,
        model: str,
        key: str,
        *,
        sleep: Callable[[float], None],
    ) -> None:
        self._client = client
        self._url = f"{base_url.rstrip('/')}/embeddings"
        self._model = model
        self._key = key
        self._sleep = sleep

    def ask(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """The vectors of at most `AT_ONCE` texts, in their order. Raises LibraryError."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_passing),
            stop=tenacity.stop_after_attempt(_ATTEMPTS),
            wait=lambda state: 2.0**state.attempt_number,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._once, [text[:_LONGEST] for text in texts])

    def _once(self, texts: list[str]) -> list[tuple[float, ...]]:
        headers = {"Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request: dict[str, Any] = {"model": self._model, "input": texts}
        body = bytearray()
        try:
            with self._client.stream("POST", self._url, json=request, headers=headers) as response:
                # What is packed can be a million times as large as what came.
                if response.headers.get("content-encoding", "identity") != "identity":
                    raise LibraryError("the answer with vectors has an unexpected Content-Encoding")
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > _LARGEST_BODY:
                        raise LibraryError("the answer with vectors is larger than 32 MB")
        except httpx.TimeoutException:
            raise LibraryError("the vectors did not come in time", is_passing=True) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise LibraryError(
                f"no connection to the language model: {type(error).__name__}"
            ) from None
        if response.status_code != httpx.codes.OK:
            raise _refusal(response)
        return _vectors(bytes(body), len(texts))


def _vectors(body: bytes, wanted: int) -> list[tuple[float, ...]]:
    try:
        found = _Vectors.model_validate(json.loads(body)).data
    except (ValueError, RecursionError, ValidationError):
        raise LibraryError("the answer is not a list of vectors") from None
    by_index = {one.index: one.embedding for one in found}
    sizes = {len(one) for one in by_index.values()}
    if sorted(by_index) != list(range(wanted)) or len(sizes) != 1:
        raise LibraryError("the answer does not have a vector for each text")
    return [by_index[number] for number in range(wanted)]


def _refusal(response: httpx.Response) -> LibraryError:
    status = response.status_code
    after = response.headers.get("retry-after", "")
    is_passing = (
        status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR
    )
    return LibraryError(
        f"the language model's server gives no vectors: HTTP {status}",
        is_passing=is_passing,
        retry_after=float(after) if after.isdecimal() else 0.0,
    )


def _is_passing(error: BaseException) -> bool:
    return (
        isinstance(error, LibraryError) and error.is_passing and error.retry_after <= _LONGEST_PAUSE
    )
