"""Which words separate the papers of the digests from all others: candidates for keywords.

Terms are words and pairs of words; each counts once a paper. How far the shares of papers differ
is measured by the log-likelihood ratio G2 (T. Dunning, "Accurate Methods for the Statistics of
Surprise and Coincidence", Computational Linguistics 19, 1993). Words that every paper has differ
little, so no list of stop words is needed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from math import log
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from digest.keywords.listing import recent
from digest.keywords.report import Suggestion, Suggestions
from digest.matcher import Matcher
from digest.model import Group, Topic

if TYPE_CHECKING:
    from digest.keywords.material import Material

#: A term is worth showing if so many papers of the digests have it,
_LEAST_PAPERS = 3
#: and if it is so many times as frequent in them as elsewhere.
_LEAST_RATIO = 2.0

#: What stands in so large a share of the other abstracts is grammar: no part of a pair.
_GRAMMAR = 1 / 3

#: So many other papers are enough to drop the terms that are common everywhere.
_ENOUGH_OTHERS = 4000
#: For each term shown, so many are counted in all papers.
_TRIED = 25
#: Two terms with so large a share of their papers in common say the same.
_SAME = 0.8

#: Addresses, math and TeX commands are not words.
_ADDRESS = re.compile(r"(?<!\S)\S*(?:@|://)\S*")
_MATH = re.compile(r"\$[^$]*\$|\\[A-Za-z]+")
#: Punctuation at the edge of a word: no pair goes over it. Hyphens inside words stay.
_STOP = re.compile(r"[^\w\s-]+|(?<!\w)-+|-+(?!\w)")
_BREAK = " | "
_WORD = re.compile(r"[^\W\d_][\w-]+")
_IN_WORD = re.compile(r"[\w-]")


class _Terms:
    """How many papers of digests each term is in, and how it is mostly written."""

    def __init__(self) -> None:
        self.abstracts: list[str] = []
        self.counts: Counter[str] = Counter()
        self._forms: Counter[str] = Counter()

    def add(self, abstract: str) -> None:
        """Count the terms of one more paper."""
        self.abstracts.append(abstract.lower())
        forms = set(_terms(_words(abstract)))
        self._forms.update(forms)
        self.counts.update({form.lower() for form in forms})

    @property
    def papers(self) -> int:
        """How many papers there are."""
        return len(self.abstracts)

    def forms(self) -> dict[str, str]:
        """The way in which most papers write each term."""
        found: dict[str, str] = {}
        for form in sorted(self._forms, key=lambda form: (-self._forms[form], form)):
            found.setdefault(form.lower(), form)
        return found


def suggest(keywords: Material, days: int, limit: int) -> Suggestions:
    """See `Keywords.suggest`."""
    records = recent(keywords, days)
    matcher = Matcher(keywords.topics, keywords.style)
    kept = _Terms()
    others: list[str] = []
    for record in records:
        ids = keywords.holdings.ids(record.period)
        mine = set()
        for paper, _ in keywords.holdings.kept(record.period, ids, matcher):
            kept.add(paper.abstract)
            mine.add(paper.id)
        others += [paper for paper in ids if paper not in mine]
    return Suggestions(
        records[0].period.day if records else None,
        records[-1].period.day if records else None,
        kept.papers,
        len(others),
        tuple(_most_telling(keywords, kept, others, limit)) if kept.papers and others else (),
    )


def _most_telling(
    keywords: Material, kept: _Terms, others: Sequence[str], limit: int
) -> Iterator[Suggestion]:
    """The terms to show, the best first.

    Most terms are nothing special, which a part of the other papers shows well enough; only the
    best of them are counted in all.
    """
    candidates = {term for term, count in kept.counts.items() if count >= _LEAST_PAPERS}
    part = others[:: max(1, len(others) // _ENOUGH_OTHERS)]
    counts = _count(_abstracts(keywords, part), candidates)
    grammar = {term for term in candidates if counts[term] > _GRAMMAR * len(part)}
    wanted = (term for term in candidates if grammar.isdisjoint(term.split(" ")))
    likely = _new(_scored(kept, wanted, counts, len(part)), keywords)
    best = {one.term.lower() for one in islice(likely, _TRIED * limit)}
    if not best:
        return
    kept.counts = _count_few(kept.abstracts, best)
    counts = _count_few(_abstracts(keywords, others), best)
    scored = _scored(kept, best, counts, len(others))
    yield from islice(_different(scored), limit)


def _abstracts(keywords: Material, papers: Sequence[str]) -> Iterator[str]:
    """The abstracts in small letters, in one version each."""
    last = None
    for paper, _, abstract, _ in keywords.archive.papers.texts(papers):
        if paper != last:
            yield abstract.lower()
        last = paper


def _count(abstracts: Iterable[str], wanted: set[str]) -> Counter[str]:
    """In how many of the abstracts each wanted term is."""
    counts: Counter[str] = Counter()
    single = {term for term in wanted if " " not in term}
    pairs = {tuple(term.split(" ")) for term in wanted - single}
    for abstract in abstracts:
        words = _words(abstract)
        counts.update(single.intersection(words))
        counts.update(map(" ".join, pairs.intersection(pairwise(words))))
    return counts


def _count_few(abstracts: Iterable[str], wanted: set[str]) -> Counter[str]:
    """The same for some hundred terms, much quicker; what is in addresses and math counts, too."""
    counts: Counter[str] = Counter()
    terms = list(wanted)
    automaton = AhoCorasick(terms)
    for abstract in abstracts:
        hits = automaton.find_matches_as_indexes(abstract, overlapping=True)
        counts.update(
            {
                terms[number]
                for number, start, end in hits
                if not _IN_WORD.match(abstract[end : end + 1])
                and not (start and _IN_WORD.match(abstract[start - 1]))
            }
        )
    return counts


def _words(abstract: str) -> list[str]:
    """The words of a text as they are written, with marks between which no pair is formed."""
    text = _ADDRESS.sub(_BREAK, abstract) if "@" in abstract or "://" in abstract else abstract
    text = _MATH.sub(_BREAK, text) if "$" in text or "\\" in text else text
    return _STOP.sub(_BREAK, text).split()


def _terms(words: list[str]) -> Iterator[str]:
    fits = [bool(_WORD.fullmatch(word)) for word in words]
    yield from (word for word, fit in zip(words, fits, strict=True) if fit)
    for (one, fit), (other, other_fit) in pairwise(zip(words, fits, strict=True)):
        if fit and other_fit:
            yield f"{one} {other}"


def _scored(
    kept: _Terms, terms: Iterable[str], elsewhere: Mapping[str, int], others: int
) -> list[Suggestion]:
    """Those of the terms that are rare elsewhere, the best first."""
    found = []
    forms = kept.forms()
    for term in terms:
        papers, count = kept.counts[term], elsewhere.get(term, 0)
        if papers / kept.papers >= _LEAST_RATIO * count / others:
            score = g2(papers, kept.papers, count, others)
            found.append(Suggestion(forms[term], papers, count, round(score, 1)))
    return sorted(found, key=lambda one: (-one.score, one.term))


def _new(found: Iterable[Suggestion], keywords: Material) -> Iterator[Suggestion]:
    """Those in which no keyword matches already."""
    every = tuple(
        keyword for topic in keywords.topics for group in topic.groups for keyword in group.keywords
    )
    known = Matcher([Topic("", (Group("", "", every),))], keywords.style)
    return (one for one in found if not known.has_keywords(one.term))


def _different(found: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """Without terms that share a word with one before them, and nearly all papers."""
    shown: list[Suggestion] = []
    for one in found:
        words = set(one.term.lower().split(" "))
        if not any(
            words & set(other.term.lower().split(" "))
            and min(one.papers, other.papers) >= _SAME * max(one.papers, other.papers)
            for other in shown
        ):
            shown.append(one)
            yield one


def g2(papers: int, of: int, others: int, of_others: int) -> float:
    """Dunning's ratio for a term that is in `papers` of the one and `others` of the other kind."""
    share = (papers + others) / (of + of_others)
    cells = (
        (papers, of * share),
        (of - papers, of * (1 - share)),
        (others, of_others * share),
        (of_others - others, of_others * (1 - share)),
    )
    return 2 * sum(seen * log(seen / expected) for seen, expected in cells if seen)
