"""arXiv's OAI-PMH interface: its verbs, its errors, its lists in pages.

As arXiv's server does it: errors have status 200; a resumption token is the question itself, from
the day of the next record on, and how many records of that day to skip; on a page with a token the
question that the answer repeats already begins at that day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import parse_qsl, quote, unquote

from digest.simulator import oai_documents as documents
from digest.simulator.corpus import Corpus
from digest.simulator.oai_listing import Item, Listing
from digest.simulator.oai_metadata import FORMATS, Work
from digest.simulator.oai_sets import NAMES, sets_of
from digest.simulator.search import View

KIND: Final = "text/xml; charset=utf-8"

#: The arguments of each verb: those that it needs, and those that it takes.
_ARGUMENTS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}
_IN_ORDER: Final = ("verb", "identifier", "metadataPrefix", "from", "until", "set")
_PREFIX: Final = "oai:arXiv.org:"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")


@dataclass(frozen=True, slots=True)
class Limits:
    """The most records and the most identifiers of a page (the first seen in 2026)."""

    records: int = 1300
    identifiers: int = 20_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A document, and how many records it tells of."""

    body: bytes
    entries: int = 0


class _Problem(Exception):
    """What the server answers with an error; `asked` are the arguments that it repeats."""

    def __init__(self, code: str, reason: str = "", asked: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.asked = asked or {}


@dataclass(frozen=True, slots=True)
class _List:
    """What a list is asked for, by arguments or by a token."""

    verb: str
    prefix: str
    first: date
    until: str | None
    set: str | None
    skip: int


class Repository:
    """The records of a corpus, asked as the protocol has it."""

    def __init__(self, corpus: Corpus, limits: Limits) -> None:
        self._listing = Listing(corpus)
        self._limits = limits
        self._expiries: dict[str, datetime] = {}

    def answer(self, pairs: Sequence[tuple[str, str]], view: View, moment: datetime) -> Answer:
        """Answer a request with these arguments, of what `view` lets see."""
        try:
            return self._answer(pairs, view, moment)
        except _Problem as problem:
            body = documents.error(problem.code, problem.reason, problem.asked, moment)
            return Answer(body)

    def _answer(self, pairs: Sequence[tuple[str, str]], view: View, moment: datetime) -> Answer:
        arguments = _checked(pairs)
        verb = arguments["verb"]
        if verb == "Identify":
            return Answer(documents.identity(moment))
        if verb == "ListMetadataFormats":
            return Answer(documents.formats(arguments, moment))
        if verb == "ListSets":
            if "resumptionToken" in arguments:
                raise _Problem("badResumptionToken", "ListSets has no tokens")
            return Answer(documents.sets(moment))
        if verb == "GetRecord":
            return self._record(arguments, view, moment)
        return self._list(arguments, view, moment)

    def _record(self, asked: Mapping[str, str], view: View, moment: datetime) -> Answer:
        prefix = _prefix(asked)
        name = _ID.fullmatch(asked["identifier"].removeprefix(_PREFIX))
        if name is None or not asked["identifier"].startswith(_PREFIX):
            raise _Problem("idDoesNotExist", "Invalid arXiv_id structure")
        # A version in the identifier changes nothing: the newest one is shown.
        item = self._listing.named(name[1], view)
        if item is None:
            raise _Problem("idDoesNotExist", "Nothing found for this id", asked)
        return Answer(documents.single(asked, self._shown(item, prefix, view), moment), 1)

    def _list(self, arguments: Mapping[str, str], view: View, moment: datetime) -> Answer:
        token = arguments.get("resumptionToken")
        if token is None:
            wanted, asked = _question(arguments, moment), dict(arguments)
        else:
            wanted, asked = self._resumed(arguments["verb"], token, moment), dict(arguments)
        last = date.fromisoformat(wanted.until) if wanted.until else date.max
        found = self._listing.between(wanted.first, last, wanted.set, view)
        is_full = wanted.verb == "ListRecords"
        end = wanted.skip + (self._limits.records if is_full else self._limits.identifiers)
        page = found[wanted.skip : end]
        if not page:
            raise _Problem("noRecordsMatch", "", asked)
        next_token = None if token is None else ""
        if found[end:]:
            following = found[end].datestamp
            next_token = self._token(wanted, found[:end], following, moment)
            if token is None:
                asked["from"] = following.isoformat()
        contents = [
            self._shown(item, wanted.prefix, view)
            if is_full
            # Only whole records are in the sets of their categories' other names.
            else documents.header(item.base, item.datestamp, sets_of(item.categories, twins=False))
            for item in page
        ]
        body = documents.listed(_ordered(asked), wanted.verb, contents, next_token, moment)
        return Answer(body, len(page))

    def _shown(self, item: Item, prefix: str, view: View) -> str:
        work = Work(*self._listing.history(item, view), item.datestamp)
        return documents.record(work, prefix, sets_of(item.categories, twins=True))

    def _token(
        self, wanted: _List, served: Sequence[Item], following: date, moment: datetime
    ) -> str:
        parts = {
            "verb": wanted.verb,
            "metadataPrefix": wanted.prefix,
            "from": following.isoformat(),
            "until": wanted.until,
            "set": wanted.set,
            "skip": str(sum(item.datestamp == following for item in served)),
        }
        text = "&".join(f"{name}={value}" for name, value in parts.items() if value)
        self._expiries[text] = documents.expiry(moment)
        return quote(text, safe="")

    def _resumed(self, verb: str, token: str, moment: datetime) -> _List:
        """What a token asks for; it may have been quoted once or twice."""
        text = unquote(token)
        parts = dict(parse_qsl(text))
        skip, first = parts.get("skip", ""), parts.get("from", "")
        if not (skip.isdecimal() and _is_day(first) and parts.get("metadataPrefix") in FORMATS):
            raise _Problem("badResumptionToken", "Token decoding failed or format is invalid.")
        if parts.get("verb") != verb:
            raise _Problem("badResumptionToken", "Token is for another verb.")
        if text in self._expiries and self._expiries[text] <= moment:
            raise _Problem("badResumptionToken", "Token has expired.")
        return _List(
            verb,
            parts["metadataPrefix"],
            date.fromisoformat(first),
            parts.get("until"),
            parts.get("set"),
            int(skip),
        )


def _checked(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The arguments by name, if the verb takes them all and lacks none."""
    arguments = dict(pairs)
    names = [name for name, _ in pairs]
    if arguments.get("verb") not in _ARGUMENTS or names.count("verb") > 1:
        raise _Problem("badVerb", "Invalid verb provided")
    if len(arguments) < len(pairs):
        raise _Problem("badArgument", "Duplicate parameters are not allowed")
    needed, taken = _ARGUMENTS[arguments["verb"]]
    given = arguments.keys() - {"verb"}
    if "resumptionToken" in given and arguments["verb"] in ("ListRecords", "ListIdentifiers"):
        if given != {"resumptionToken"}:
            raise _Problem("badArgument", "resumptionToken is not alone")
        return arguments
    if not needed <= given <= needed | taken:
        raise _Problem("badArgument", f"Wrong arguments for {arguments['verb']}")
    return _ordered(arguments)


def _question(asked: Mapping[str, str], moment: datetime) -> _List:
    """What the arguments ask for, if they are in arXiv's bounds."""
    for name in ("from", "until"):
        if name in asked and not _is_day(asked[name]):
            raise _Problem("badArgument", f"{name} date format must be YYYY-MM-DD")
    first = date.fromisoformat(asked.get("from", documents.EARLIEST.isoformat()))
    last = date.fromisoformat(asked.get("until", moment.date().isoformat()))
    if first < documents.EARLIEST:
        raise _Problem("badArgument", "start date too early")
    if last > moment.date():
        raise _Problem("badArgument", "until date too late")
    if first > last:
        raise _Problem("badArgument", "from is later than until")
    if asked.get("set", "cs") not in NAMES:
        raise _Problem("badArgument", "Set does not exist")
    return _List(asked["verb"], _prefix(asked), first, asked.get("until"), asked.get("set"), 0)


def _prefix(asked: Mapping[str, str]) -> str:
    prefix = asked["metadataPrefix"]
    if prefix not in FORMATS:
        rest = {name: value for name, value in asked.items() if name != "metadataPrefix"}
        raise _Problem("cannotDisseminateFormat", "Did not recognize requested format", rest)
    return prefix


def _ordered(arguments: Mapping[str, str]) -> dict[str, str]:
    order = (*_IN_ORDER, "resumptionToken")
    return {name: arguments[name] for name in order if name in arguments}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return _DAY.fullmatch(text) is not None
