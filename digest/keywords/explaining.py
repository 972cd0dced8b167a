"""Why a paper of the archive is, or is not, in which digest: its day, and each topic's verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from digest.keywords.report import AuthorVerdict, Explanation, GroupVerdict, Quote, TopicVerdict
from digest.keywords.unknown import unknown
from digest.matcher import Examination, Matcher
from digest.matcher.letters import applied
from digest.model import Paper, Period, digest_file
from digest.model.reports import DayState
from digest.writer.keeping import read_file

if TYPE_CHECKING:
    from digest.archive import DigestRecord
    from digest.keywords.material import Material
    from digest.matcher import Occurrence

#: So many words are shown before a match, and after it.
_WORDS_AROUND = 6

#: A digest appears at least once in so many days.
_LONGEST_PERIOD = timedelta(days=31)


def explain(keywords: Material, base: str) -> Explanation:
    """See `Keywords.explain`; `base` is an id without version."""
    imported = keywords.archive.imports.days([base]).get(base)
    versions = next(keywords.archive.papers.versions([base]), None)
    if versions is None:
        if imported:
            return Explanation(
                id=base,
                known=True,
                digest=imported,
                shown=True,
                why=f"It is in the digest of {imported}, which was made elsewhere and imported.",
                advice="Its metadata from arXiv is not in the archive, so its keywords are not "
                f"examined. `digest backfill {imported}` fetches that day.",
            )
        return unknown(keywords, base)
    announced = _announced(keywords, versions[0])
    record = _record(keywords, announced)
    period = record.period if record else _coming(keywords, announced)
    [paper] = keywords.announcements.papers(period, [base])
    examination = Matcher(keywords.topics, keywords.style).examine(paper)
    fits = any(verdict.satisfied for verdict in examination.verdicts)
    found = Explanation(
        id=base,
        known=True,
        why="",
        title=paper.title,
        categories=paper.categories,
        announced=announced,
        digest=period.day,
        version=paper.version,
        verdicts=_verdicts(keywords, paper, examination),
    )
    if imported and imported != period.day:
        why = f"It is in the digest of {imported}, which was made elsewhere and imported."
        return replace(found, digest=imported, shown=True, why=why)
    if record and record.state == DayState.IMPORTED:
        place = f"the digest of {period.day}, which was made elsewhere and imported"
        why = f"It is in {place}." if imported else f"Its day has {place}, without it."
        return replace(found, shown=imported is not None, why=why)
    if not any(keywords.holdings.papers(period, [base])):
        why = "Its categories are not in your scope, so no digest chooses from it."
        return replace(found, why=why, advice="Widen `scope` under [arxiv] if you want it.")
    if record is None:
        return _not_written(keywords, found, period, fits=fits)
    return _written(keywords, found, record, fits=fits)


def _written(
    keywords: Material, found: Explanation, record: DigestRecord, *, fits: bool
) -> Explanation:
    """A paper of a digest that was written, perhaps with other keywords."""
    day = record.period.day
    file = read_file(keywords.config.digest.output / digest_file(day))
    shown = fits if file is None else _holds(file, found.id)
    why = f"It is in the digest of {day}"
    if not shown:
        why = f"It belongs to the digest of {day}, and satisfies no topic"
    if shown == fits:
        return replace(found, shown=shown, why=f"{why}.")
    if fits:
        why = f"It belongs to the digest of {day} and satisfies a topic, but is not in its file."
    else:
        why += ", but satisfies no topic now."
    return replace(
        found, shown=shown, why=why, advice=f"`digest rebuild {day} {day}` brings it up to date."
    )


def _holds(file: bytes, base: str) -> bool:
    """Whether a digest has the link of a paper, with or without a version."""
    return re.search(rf"/abs/{re.escape(base)}(?!\d)".encode(), file) is not None


def _not_written(
    keywords: Material, found: Explanation, period: Period, *, fits: bool
) -> Explanation:
    """A paper of a digest that is due or still to come."""
    why = f"It belongs to the digest of {period.day}, which is not written yet, "
    why += "and will be in it." if fits else "and satisfies no topic."
    if period.day > keywords.now.date():
        return replace(found, why=why)
    return replace(found, why=why, advice=f"`digest backfill {period.day}` writes it.")


def _announced(keywords: Material, paper: Paper) -> date:
    days = keywords.announcements.days_of([paper.id])
    # Ids of before April 2007 stand in no sequence.
    return next(iter(days), keywords.calendar.day_of(paper.published))


def _record(keywords: Material, day: date) -> DigestRecord | None:
    """The digest, wherever it was made, that holds an announcement day."""
    records = keywords.archive.ledger.digests().values()
    return next((record for record in records if record.period.holds(day)), None)


def _coming(keywords: Material, day: date) -> Period:
    """The digest that an announcement day belongs to once it is written."""
    return keywords.digest_days.between(day, day + _LONGEST_PERIOD)[0]


def _verdicts(
    keywords: Material, paper: Paper, examination: Examination
) -> tuple[TopicVerdict, ...]:
    return tuple(
        TopicVerdict(
            verdict.topic,
            verdict.satisfied,
            topic.categories,
            verdict.in_categories,
            verdict.excluded,
            verdict.is_by_author,
            tuple(
                AuthorVerdict(one.name, one.author.name, one.author.color)
                for one in verdict.authors
            )
            if topic.authors
            else None,
            tuple(
                GroupVerdict(
                    group.name,
                    group.color,
                    _quotes(paper.title, group.in_title, "in the title: ")
                    + _quotes(paper.abstract, group.found),
                )
                for group in verdict.groups
            ),
        )
        for topic, verdict in zip(keywords.topics, examination.verdicts, strict=True)
    )


def _quotes(text: str, found: Sequence[Occurrence], where: str = "") -> tuple[Quote, ...]:
    return tuple(
        Quote(
            place.keyword.text,
            where + _last_words(text[: place.start]),
            " ".join(text[place.start : place.end].split()),
            _last_words(text[place.end :][::-1])[::-1],
            applied(place.keyword.text, text[place.start : place.end]),
        )
        for place in found
    )


def _last_words(text: str) -> str:
    """The end of a text on one line, with an ellipsis for what is left out."""
    words = text.split(" ") if "\n" not in text else text.replace("\n", " ").split(" ")
    # The piece after the last space touches the match: it counts as no word if it is empty.
    kept = words[-_WORDS_AROUND - 1 :]
    line = " ".join(word for word in kept[:-1] if word)
    line = f"{line} {kept[-1]}" if line else kept[-1]
    return line if len(kept) == len(words) else f"… {line}"
