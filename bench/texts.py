"""Texts that were made to be slow, ten times as long: ten times the work is what it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from bench.measure import Row, medians, timed
from digest.matcher.protected import protected
from digest.model import SOURCE
from digest.model.tex import pieces
from digest.writer.format.abstract import escape_abstract

_SCRAPS = ("- ", "`[x](", "![", "<a@", "$a", "{", "^{", "~", "https://a.b/")
_FEW, _MANY = 10_000, 100_000


def measure() -> Iterator[Row]:
    """A row for each reader of texts, over all scraps."""
    readers: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("write abstracts", lambda text: escape_abstract((text,), SOURCE)),
        ("read TeX", pieces),
        ("find links and math", lambda text: list(protected(text))),
    )
    for name, work in readers:
        few, many = ([(scrap * length)[:length] for scrap in _SCRAPS] for length in (_FEW, _MANY))
        contenders = [timed(partial(_all, work, texts)) for texts in (many, few)]
        ours, yardstick = medians(contenders, runs=3)
        yield Row(f"{name} of {_MANY:,} nasty characters", f"of {_FEW:,}", ours, yardstick, 15)


def _all(work: Callable[[str], object], texts: Sequence[str]) -> None:
    for text in texts:
        work(text)
