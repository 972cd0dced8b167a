"""What a language model answered, judged: one summary, as plain text, or the reason why not.

The answer depends on an abstract that a stranger wrote. So nothing of it is trusted: it is one JSON
object of three values, each of its texts is one line without links, markup and control characters,
and no longer than asked for. Pure.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digest.model.errors import SummaryError

#: The words of a TL;DR, and of the sentence on why it matters.
MOST_WORDS = 40

#: The version of what is asked for here: the recipe of a summary contains it.
FORM = "1"

#: JSON within other text is looked for behind so many braces.
_MOST_TRIES = 20
_LONGEST = 20_000

SCHEMA = {
    "type": "object",
    "properties": {
        "tldr": {"type": "string", "description": f"at most {MOST_WORDS} words"},
        "why": {"type": "string", "description": "one sentence"},
        "relevance": {"type": "number", "minimum": 0, "maximum": 10},
    },
    "required": ["tldr", "why", "relevance"],
    "additionalProperties": False,
}

_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)
_LINKED = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_ADDRESS = re.compile(
    r"(?:\b(?:https?|ftp|file|data|javascript|vbscript|mailto):|\bwww\.)\S*", re.IGNORECASE
)
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")
_MARKS = re.compile(r"[`*#|\[\]<>\\]|__+|~~+")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote, and the tokens of question and answer; None if the server does not say.

    `problem` says why the text is of no use, empty if it may be.
    """

    text: str
    tokens: int | None
    problem: str = ""


class Answer(NamedTuple):
    """A summary as it came: `tldr` and `why` are plain text on one line, `relevance` 0 to 10."""

    tldr: str
    why: str
    relevance: float


class _Object(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    tldr: str = Field(max_length=_LONGEST)
    why: str = Field(max_length=_LONGEST)
    relevance: float = Field(ge=0, le=10, allow_inf_nan=False)


def judged(reply: Reply) -> Answer:
    """The summary that a model wrote. Raises SummaryError."""
    if reply.problem:
        raise SummaryError(reply.problem)
    found = _object(reply.text)
    tldr, why = plain(found.tldr), plain(found.why)
    if not tldr:
        raise SummaryError("the answer has no text")
    return Answer(tldr, why, round(found.relevance, 1))


def plain(text: str) -> str:
    """A text as one line of at most `MOST_WORDS` words, without links, markup and control signs."""
    text = _ADDRESS.sub("", _LINKED.sub(r"\1", text))
    text = _MARKS.sub("", _TAG.sub("", text))
    text = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    words = text.split()
    if len(words) <= MOST_WORDS:
        return " ".join(words)
    return f"{' '.join(words[:MOST_WORDS]).rstrip(',;:. ')}…"


def _object(text: str) -> _Object:
    """The first JSON object of an answer with the three values: alone, fenced, or within prose."""
    why = "the answer is not JSON"
    for candidate in (text, *(found[1] for found in _FENCE.finditer(text[:_LONGEST]))):
        try:
            return _Object.model_validate_json(candidate)
        except ValidationError as error:
            if error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid":
                why = "the answer has not the values that were asked for"
    decoder = json.JSONDecoder()
    start = -1
    for _ in range(_MOST_TRIES):
        start = text.find("{", start + 1, _LONGEST)
        if start < 0:
            break
        try:
            value, _ = decoder.raw_decode(text[:_LONGEST], start)
            return _Object.model_validate(value)
        except ValidationError:
            why = "the answer has not the values that were asked for"
        except (ValueError, RecursionError):
            continue
    raise SummaryError(why)
