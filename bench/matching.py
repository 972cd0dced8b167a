"""Keywords in a day's abstracts, against `str.replace` keyword by keyword."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from bench.corpus import ENVIRON, days
from bench.measure import Row, medians, timed
from digest.config import load
from digest.matcher import Matcher
from digest.model import Group, Paper, Topic, plain_keywords
from digest.simulator import Corpus

#: How many keywords, and how many times as fast that shall be.
_KEYWORDS = ((28, 3), (1_000, 50), (10_000, 300))
#: So many pairs of words stand side by side in the abstracts; more are made of their words.
_SIDE_BY_SIDE = 1_000
_SEED = 1
_RUNS = 5


def measure(workspace: Path, papers: Corpus) -> Iterator[Row]:
    """One row for about as many keywords as a new workspace has, others for a thousand and more."""
    of_the_day = papers.papers(days()[-1])
    (topic,) = load(workspace, ENVIRON).topics
    for number, target in _KEYWORDS:
        chosen = _with_more(topic, of_the_day, number)
        matcher = Matcher([chosen])
        ours, one_by_one = medians(
            [
                timed(lambda matcher=matcher: [matcher.match(paper) for paper in of_the_day]),  # type: ignore[misc]
                timed(lambda chosen=chosen: _replaced(of_the_day, chosen)),  # type: ignore[misc]
            ],
            _RUNS,
        )
        yield Row(
            f"{number:,} keywords in {len(of_the_day):,} abstracts",
            "`str.replace`, one keyword after the other",
            ours,
            one_by_one,
            target,
            faster=True,
        )


def _replaced(papers: Sequence[Paper], topic: Topic) -> list[str]:
    """The abstracts with badges of the papers that have a keyword of each group."""
    kept = []
    for paper in papers:
        text, groups = paper.abstract, 0
        for group in topic.groups:
            before = text
            for word in (keyword.text for keyword in group.keywords):
                badge = f"![key](https://img.shields.io/badge/{word}-{group.color})"
                text = text.replace(word, badge)
            groups += text != before
        if groups == len(topic.groups):
            kept.append(text)
    return kept


def _with_more(topic: Topic, papers: Sequence[Paper], number: int) -> Topic:
    """The topic with pairs of words from the abstracts, so many keywords in all."""
    chance = random.Random(_SEED)  # the same ones every time
    words = [paper.abstract.split() for paper in papers]
    pairs = sorted({" ".join(pair) for abstract in words for pair in pairwise(abstract)})
    every = sorted({word for abstract in words for word in abstract})
    first, *rest = topic.groups
    missing = number - sum(len(group.keywords) for group in topic.groups)
    more = dict.fromkeys(chance.sample(pairs, min(missing, _SIDE_BY_SIDE)))
    while len(more) < missing:
        more[" ".join(chance.sample(every, 2))] = None
    return Topic(
        topic.name,
        (Group(first.name, first.color, (*first.keywords, *plain_keywords(*more))), *rest),
    )
