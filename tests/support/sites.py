"""A desk with a site of an invented month, some papers of which are hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from desk import Desk

from digest.archive import Archive
from digest.fetcher.calendar import Calendar
from digest.model import Paper
from digest.simulator import Corpus

DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 31))
#: A day whose papers are hostile ones.
HOSTILE = DAYS[-3]

TOPICS = """
[[topic]]
name = "words"
[[topic.group]]
name = "methods"
color = "F08080"
keywords = ["model", "scal", "x^2"]
[[topic.group]]
name = "fields"
color = "FF8C00"
keywords = ["noise", "data", "field", "limit"]
"""

#: What strangers may write into any text of theirs.
ATTACKS = (
    "<script>window.caught = 1</script>",
    "<img src=x onerror='window.caught = 1'>",
    '<a href="javascript:window.caught = 1">click</a>',
    '"><svg onload=window.caught=1>',
    "<b>never <i>closed <!-- ",
    "</article></main></body></html>",
    "<style>*{display:none}</style><base href=//evil.example/>",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &amp;",
    "x" * 10_000,
    "\u202eright to left\u2066 and \u200fmarks",
    "$<img src=x onerror=alert(1)>$ and $\\href{javascript:alert(1)}{x}$",
    "\x00\x07\x1b[31m \x85 \ufffe ",
)


def corpus(per_day: int = 20) -> Corpus:
    """Invented papers of the month."""
    return Corpus.generate(seed=11, first=DAYS[0], last=DAYS[-1], per_day=per_day)


def desk(folder: Path, papers: Corpus, **environ: str) -> Desk:
    """A desk that has read all of the month; it has no site yet."""
    made = Desk(folder, papers, topics=TOPICS, environ=environ)
    made.backfill(DAYS[0], DAYS[-1], at=datetime(2026, 4, 1, 12, tzinfo=UTC))
    return made


def attack(made: Desk) -> None:
    """Put an attack into every text of some papers of a day, and into its digest.

    Straight into the archive, since answers of arXiv cannot even hold all of them.
    """
    with made.app.editions() as editions:
        (edition,) = editions.between(HOSTILE, HOSTILE)
    papers = [shown.paper for shown in edition.shown[: len(ATTACKS)]]
    assert len(papers) == len(ATTACKS)
    with Archive(made.config.digest.archive) as archive:
        archive.papers.store(map(_hostile, papers, ATTACKS), DAYS[-1])
    for _ in made.app.rebuild(HOSTILE, HOSTILE, diff=False):
        pass


def _hostile(paper: Paper, text: str) -> Paper:
    return replace(
        paper,
        title=f"Hostile {text}",
        abstract=f"A model of noise {text} and $x^2$ in data\n  Second {text} paragraph",
        authors=("Ann Author", f"Eve {text}"),
    )
