"""A desk with a site of an invented month, some papers of which are hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from desk import Desk

from digest.fetcher.calendar import Calendar
from digest.model import Paper
from digest.report import SiteReport
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
    "<a href=\"javascript:window.caught = 1\">click</a>",
    "\"><svg onload=window.caught=1>",
    "<b>never <i>closed <!-- ",
    "</article></main></body></html>",
    "<style>*{display:none}</style><base href=//evil.example/>",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &amp;",
    "x" * 10_000,
    "\u202eright to left\u2066 and \u200fmarks",
    "$<img src=x onerror=alert(1)>$ and $\\href{javascript:alert(1)}{x}$",
    "\x00\x07\x1b[31m \x85 \ufffe \ud7ff",
)


def hostile_papers(day: date = HOSTILE) -> list[Paper]:
    """One paper an attack, the attack in every text of it."""
    published = datetime.combine(Calendar().previous(day), time(9), UTC)
    return [
        Paper(
            id=f"{day:%y%m}.9{number:04d}",
            version=1,
            url=f"http://arxiv.org/abs/{day:%y%m}.9{number:04d}v1",
            title=f"Title {number} {attack}",
            abstract=f"A model of noise {attack} and $x^2$ in data\n  Second {attack} paragraph",
            authors=("Ann Author", f"Eve {attack[:200]}"),
            categories=("cs.CL", "math.PR"),
            published=published,
            updated=published,
        )
        for number, attack in enumerate(ATTACKS)
    ]


def corpus(per_day: int = 60) -> Corpus:
    """Invented papers of the month."""
    return Corpus.generate(seed=11, first=DAYS[0], last=DAYS[-1], per_day=per_day)


def desk(folder: Path, papers: Corpus, **environ: str) -> Desk:
    """A desk that has read all of the month; it has no site yet."""
    made = Desk(folder, papers, topics=TOPICS, environ=environ)
    made.backfill(DAYS[0], DAYS[-1], at=datetime(2026, 4, 1, 12, tzinfo=UTC))
    return made


def with_hostile(made: Desk) -> SiteReport:
    """Put the hostile papers straight into the archive, as no reader would let them in."""
    from digest.archive import Archive

    with Archive(made.config.digest.archive) as archive:
        archive.papers.store(hostile_papers(), HOSTILE)
    return made.app.site()


__all__ = ["replace"]
