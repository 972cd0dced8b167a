"""The search index: questions to pages, over what a moment lets see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from digest.fetcher.calendar import public_at
from digest.model import Paper
from digest.simulator.atom import Page
from digest.simulator.corpus import Corpus
from digest.simulator.documents import Document
from digest.simulator.query import Chain, Expression, leaves
from digest.simulator.request import Question
from digest.simulator.terms import Dates, Text

_OPERANDS_REMEMBERED: Final = 16
_VERSIONS_AT_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class View:
    """What can be seen: announcements up to an ordinal day, without the works that are hidden."""

    horizon: int
    hidden: Callable[[str, date], bool] | None = None


def horizon(moment: datetime) -> int:
    """The last day, as an ordinal, whose announcement is public."""
    day = moment.date()
    return (day if public_at(day) <= moment else day - timedelta(days=1)).toordinal()


@dataclass(frozen=True, slots=True, order=True)
class _Hit:
    """A version that was found: the work's index, the version, and its submission."""

    index: int
    version: int
    updated: int


class Index:
    """Finds what a question asks for in a corpus, in the order it asks for."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._answers: dict[str, dict[int, bool]] = {}

    def ask(self, question: Question, view: View, ties: Random) -> Page:
        """The page that a question asks for; `ties` orders papers of equal sort keys."""
        search = question.search
        if question.ids:
            hits = self._by_id(question, view)
        else:
            hits = list(self._by_search(search, view)) if search else []
        key = self._sort_key(question)
        if key:
            ties.shuffle(hits)
            hits.sort(key=key, reverse=question.sort_order == "descending")
        page = hits[question.start : question.start + question.max_results]
        return Page(
            typed=search.typed() if search else "",
            canonical=search.canonical() if search else "",
            ids=",".join(question.ids),
            start=question.start,
            max_results=question.max_results,
            total=len(hits),
            papers=tuple(self._corpus.paper(hit.index, hit.version) for hit in page),
        )

    def announced(self, view: View) -> list[Paper]:
        """The works of the last day that can be seen."""
        return self._corpus.papers(date.fromordinal(view.horizon))

    def _by_search(self, search: Chain, view: View) -> Iterator[_Hit]:
        """The current versions that match."""
        operands = tuple(map(self._remembering, search.operands))
        remembering = Chain(operands, search.operators)
        for index in self._corpus.between(*search.span()):
            versions = self._visible(index, view)
            if versions:
                hit = _Hit(index, *max(versions.items()))
                if remembering.matches(self._document(hit)):
                    yield hit

    def _remembering(self, operand: Expression) -> Expression:
        """The same operand, that looks at a text once and not again with every request.

        Who looks back asks the same words of the same papers day after day.
        """
        if not any(isinstance(leaf, Text) for leaf in leaves(operand)):
            return operand
        if any(isinstance(leaf, Dates) for leaf in leaves(operand)):
            return operand
        name = operand.typed()
        if name not in self._answers and len(self._answers) >= _OPERANDS_REMEMBERED:
            self._answers.clear()
        return _Remembering(operand, self._answers.setdefault(name, {}))

    def _by_id(self, question: Question, view: View) -> list[_Hit]:
        """The versions that were asked for, the current one where the id has none.

        In the order of the index; a search narrows them down and knows current versions only.
        """
        search = question.search
        hits: set[_Hit] = set()
        for name in question.ids:
            base, number = _split(name)
            index = self._corpus.find(base)
            versions = {} if index is None else self._visible(index, view)
            version = max(versions, default=0) if number is None else number
            if index is None or version not in versions:
                continue
            hit = _Hit(index, version, versions[version])
            if not search or (version == max(versions) and search.matches(self._document(hit))):
                hits.add(hit)
        return sorted(hits)

    def _visible(self, index: int, view: View) -> dict[int, int]:
        """The public versions of a work and their submission, none if it is hidden."""
        corpus = self._corpus
        versions = corpus.public_versions(index, view.horizon)
        if versions and view.hidden:
            day = date.fromordinal(corpus.day(index))
            return {} if view.hidden(corpus.base(index), day) else versions
        return versions

    def _document(self, hit: _Hit) -> Document:
        corpus, index = self._corpus, hit.index
        return Document(
            corpus.submitted(index),
            partial(corpus.categories, index),
            partial(corpus.paper, index, hit.version),
            key=index * _VERSIONS_AT_MOST + hit.version,
        )

    def _sort_key(self, question: Question) -> Callable[[_Hit], int] | None:
        """What to sort by. Relevance is how many of the words were found; ids alone have none."""
        if question.sort_by == "submittedDate":
            return lambda hit: self._corpus.submitted(hit.index)
        if question.sort_by == "lastUpdatedDate":
            return lambda hit: hit.updated
        if not question.search:
            return None
        words = [leaf for leaf in leaves(question.search) if isinstance(leaf, Text)]

        def relevance(hit: _Hit) -> int:
            document = self._document(hit)
            return sum(leaf.matches(document) for leaf in words)

        return relevance


@dataclass(frozen=True, slots=True)
class _Remembering:
    """An operand together with the answers that it has given, by `Document.key`."""

    operand: Expression
    answers: dict[int, bool]

    def matches(self, document: Document) -> bool:
        if document.key not in self.answers:
            self.answers[document.key] = self.operand.matches(document)
        return self.answers[document.key]

    def typed(self) -> str:
        return self.operand.typed()

    def span(self) -> tuple[float, float]:
        return self.operand.span()


def _split(name: str) -> tuple[str, int | None]:
    """Base id and version of an id as it was asked for, well formed or not."""
    base, mark, number = name.rpartition("v")
    return (base, int(number)) if mark and number.isdecimal() else (name, None)
