"""arXiv's query language with its traps: from a text to an expression that documents match.

Seen in the grammar that arXiv published and in recorded answers: operators are right-associative
and have no precedence, a missing operator means OR, a missing prefix `all:`, lower-case `and` and
`or` are words. Where arXiv's behaviour is not known this reading is the stricter one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from digest.simulator.documents import Document
from digest.simulator.terms import BrokenQuery, Category, Dates, Leaf, Name, Text

_TEXT_FIELDS: Final = {"ti", "au", "abs", "co", "jr", "rn", "all"}
_ALIASES: Final = {"title": "ti"}
_OPERATORS: Final = {"AND": "AND", "OR": "OR", "ANDNOT": "ANDNOT", "NOT": "ANDNOT"}

#: 960 terms were answered, 1,000 were not.
_TERMS_AT_MOST: Final = 999
#: Some depth that real queries do not come near.
_BRACKETS_AT_MOST: Final = 100

_TOKEN = re.compile(
    r"""(?:
      (?P<dates>submittedDate|lastUpdatedDate):(?P<bounds>\s*\[[^\]]*\]|[^\s()]*)
    | (?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"|(?P<open>\()|(?P<word>[^\s()"\[\]]+))
    | (?P<close>\))
    )\s*""",
    re.VERBOSE,
)


class InvalidQuery(Exception):
    """The text is not a query: arXiv answers 400."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands with an operator between each two: `a OR b AND c` is `a OR (b AND c)`.

    One operand alone is what brackets around a single term leave.
    """

    operands: tuple[Expression, ...]
    operators: tuple[str, ...]

    def matches(self, document: Document) -> bool:
        """Whether it finds the document. Thousands of operands need no recursion."""
        negated = False
        for operand, operator in zip(self.operands, self.operators, strict=False):
            matches = operand.matches(document)
            if matches == (operator == "OR"):
                return matches ^ negated
            negated ^= operator == "ANDNOT"
        return self.operands[-1].matches(document) ^ negated

    def span(self) -> tuple[float, float]:
        """The submission times outside of which it finds nothing."""
        low, high = self.operands[-1].span()
        pairs = zip(reversed(self.operands[:-1]), reversed(self.operators), strict=True)
        for operand, operator in pairs:
            lower, higher = operand.span()
            if operator == "AND":
                low, high = max(low, lower), min(high, higher)
            elif operator == "OR":
                low, high = min(low, lower), max(high, higher)
            else:
                low, high = lower, higher
        return low, high

    def typed(self) -> str:
        """The query with every prefix and operator, as the feed's title shows it."""
        parts = [_bracketed(operand, operand.typed()) for operand in self.operands]
        links = [f" {operator} " for operator in self.operators]
        return "".join(text for pair in zip(parts, [*links, ""], strict=True) for text in pair)

    def canonical(self) -> str:
        """The query as arXiv understood it, with all brackets, as the feed's link shows it."""
        inner = _unwrapped(self)
        if not isinstance(inner, Chain):
            return inner.typed()
        *front, last = map(_canonical, inner.operands)
        text = ""
        for position, (operand, operator) in enumerate(zip(front, inner.operators, strict=True)):
            opening = "(" if position < len(front) - 1 else ""
            text += f"{operand} {operator} {opening}"
        return text + last + ")" * (len(front) - 1)


Expression = Chain | Leaf


def leaves(expression: Expression) -> Iterator[Leaf]:
    """All terms, from left to right."""
    if isinstance(expression, Chain):
        for operand in expression.operands:
            yield from leaves(operand)
    else:
        yield expression


def parse(text: str, *, adapt: bool = True) -> Chain:
    """Read a query. Raises InvalidQuery for what is none, BrokenQuery for what breaks arXiv.

    Without `adapt` (the parameter `raw=1`) missing operators and prefixes are not filled in.
    """
    reader = _Reader(text, adapt)
    chain = reader.chain("", 0)
    if not reader.at_end():
        raise InvalidQuery(text)
    if sum(1 for _ in leaves(chain)) > _TERMS_AT_MOST:
        raise BrokenQuery(text)
    return chain


class _Reader:
    def __init__(self, text: str, adapt: bool) -> None:
        self._text = text
        self._adapt = adapt
        self._tokens = _tokens(text)
        self._position = 0

    def at_end(self) -> bool:
        return self._position == len(self._tokens)

    def chain(self, field: str, depth: int) -> Chain:
        if depth > _BRACKETS_AT_MOST:
            raise BrokenQuery(self._text)
        operands = [self._operand(field, depth)]
        operators: list[str] = []
        while not self.at_end() and not self._peek()["close"]:
            operators.append(self._operator())
            operands.append(self._operand(field, depth))
        return Chain(tuple(operands), tuple(operators))

    def _peek(self) -> re.Match[str]:
        if self.at_end():
            raise InvalidQuery(self._text)
        return self._tokens[self._position]

    def _next(self) -> re.Match[str]:
        token = self._peek()
        self._position += 1
        return token

    def _operator(self) -> str:
        operator = _operator_of(self._peek())
        if operator is None:
            if not self._adapt:
                raise InvalidQuery(self._text)
            return "OR"
        typed = self._next()["word"]
        if typed == "AND" and not self.at_end() and self._peek()["word"] == "NOT":
            self._position += 1
            return "ANDNOT"
        return operator

    def _operand(self, field: str, depth: int) -> Expression:
        token = self._next()
        if token["dates"]:
            return Dates.parse(token["bounds"])
        if token["close"] or _operator_of(token):
            raise InvalidQuery(self._text)
        field = token["field"] or field
        if token["open"]:
            chain = self.chain(field, depth + 1)
            if not self._next()["close"]:
                raise InvalidQuery(self._text)
            return chain
        if not field and not self._adapt:
            raise InvalidQuery(self._text)
        return self._term(field or "all", token)

    def _term(self, field: str, token: re.Match[str]) -> Leaf:
        field = _ALIASES.get(field, field)
        quoted = token["phrase"] is not None
        text = token["phrase"] if quoted else token["word"]
        if not text.strip() or (re.match(r"[A-Za-z]+:", text) and not quoted):
            raise InvalidQuery(self._text)
        if field in _TEXT_FIELDS:
            if not quoted and text[0] in "*?":
                raise BrokenQuery(self._text)
            return Text(field, text, quoted)
        if field == "cat":
            return Category(text)
        if field in ("id", "doi"):
            return Name(field, text)
        raise InvalidQuery(self._text)


def _tokens(text: str) -> list[re.Match[str]]:
    tokens = []
    position = len(text) - len(text.lstrip())
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise InvalidQuery(text)
        tokens.append(token)
        position = token.end()
    return tokens


def _operator_of(token: re.Match[str]) -> str | None:
    return None if token["field"] else _OPERATORS.get(token["word"] or "")


def _bracketed(operand: Expression, text: str) -> str:
    return f"({text})" if isinstance(operand, Chain) else text


def _canonical(operand: Expression) -> str:
    inner = _unwrapped(operand)
    return f"({inner.canonical()})" if isinstance(inner, Chain) else inner.typed()


def _unwrapped(expression: Expression) -> Expression:
    """An expression without the brackets that nothing needs."""
    while isinstance(expression, Chain) and not expression.operators:
        (expression,) = expression.operands
    return expression
