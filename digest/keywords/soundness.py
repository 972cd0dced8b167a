"""What to fix in the keywords: what never matches, hits little, cuts words, looks alike.

Whether a keyword is used can be judged only by digests of enough announcement days: a young
archive reports no keyword as unused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from digest.config.places import Place, Places
from digest.keywords.listing import Home, Tally, Use, recent
from digest.keywords.report import Finding, Soundness
from digest.matcher import never_matching
from digest.model import Group, Keyword, Topic

if TYPE_CHECKING:
    from digest.keywords.material import Material

#: So many announcement days, about a month of them, show that a keyword is not used.
ENOUGH_DAYS = 20

#: So many badges show that a keyword mostly cuts words.
_ENOUGH_BADGES = 5

#: A colour difference of 1 is just seen where two patches touch; badges have text between them.
_ALIKE_BELOW = 5.0


def soundness(keywords: Material, days: int) -> Soundness:
    """See `Keywords.check`."""
    records = recent(keywords, days)
    announcements = sum(len(keywords.announcements.days(record.period)) for record in records)
    enough = announcements >= ENOUGH_DAYS
    tally = Tally(keywords)
    for record in records:
        tally.add(record)
    inspection = _Inspection(keywords, tally, enough=enough, announcements=announcements)
    order = {file: number for number, file in enumerate(keywords.config.topic_files)}
    findings = sorted(inspection.findings(), key=lambda one: (order[one.file], one.line))
    return Soundness(
        records[0].period.day if records else None,
        records[-1].period.day if records else None,
        announcements,
        enough,
        tuple(findings),
    )


class _Inspection:
    """Looks at topic after topic."""

    def __init__(
        self, keywords: Material, tally: Tally, *, enough: bool, announcements: int
    ) -> None:
        self._topics = keywords.topics
        self._style = keywords.style
        self._places = Places(keywords.config.topic_files)
        self._uses = tally.uses
        self._enough = enough
        self._announcements = announcements

    def findings(self) -> Iterator[Finding]:
        """Everything to fix, topic by topic."""
        for number, topic in enumerate(self._topics):
            yield from self._keywords(number, topic)
            yield from self._colors(number, topic)

    def _keywords(self, t: int, topic: Topic) -> Iterator[Finding]:
        behind = never_matching(topic, self._style)
        first_in: dict[str, Group] = {}
        for g, group in enumerate(topic.groups):
            for k, keyword in enumerate(group.keywords):
                earlier = first_in.setdefault(self._as_matched(keyword), group)
                use = self._uses[Home(topic.name, group.name, keyword)]
                if earlier is not group:
                    kind, what = "repeated", f"is also in group {earlier.name!r}"
                elif keyword in behind:
                    kind = "never"
                    what = f"never matches: {behind[keyword].text!r} stands before it and takes it"
                else:
                    kind, what = self._judged(use)
                if kind:
                    place = self._places.keyword(t, g, k)
                    yield _finding(
                        kind, place, topic, group.name, f"{keyword.text!r} {what}", keyword.text
                    )

    def _judged(self, use: Use) -> tuple[str, str]:
        """What a keyword's counts show to be wrong: a kind and words, both empty if nothing."""
        if not use.badges and self._enough:
            return "unused", f"has no badge in {self._announcements:,} announcement days"
        if use.badges >= _ENOUGH_BADGES and use.cuts * 2 > use.badges:
            return "cuts", f"cuts a word in {use.cuts:,} of {use.badges:,} badges"
        return "", ""

    def _as_matched(self, keyword: Keyword) -> str:
        """Equal for keywords of the same text, in any case where they match in any case."""
        exact = not self._style.words if keyword.case is None else keyword.case
        return keyword.text if exact else keyword.text.casefold()

    def _colors(self, t: int, topic: Topic) -> Iterator[Finding]:
        for g, group in enumerate(topic.groups):
            if what := _like(group.color, topic.groups[:g]):
                place = self._places.color(t, "group", g)
                yield _finding("color", place, topic, group.name, what, None)
        for a, author in enumerate(topic.authors):
            if what := _like(author.color, topic.groups):
                place = self._places.color(t, "author", a)
                yield _finding("color", place, topic, author.name, what, None)


def _like(color: str, groups: Sequence[Group]) -> str:
    """Which group's colour a colour looks like, in words; empty if it differs enough from all."""
    from coloraide import Color  # takes 0.2 s, and only this check needs it

    for group in groups:
        # CIEDE2000, the colour difference of ISO/CIE 11664-6.
        if Color(f"#{group.color}").delta_e(f"#{color}", method="2000") < _ALIKE_BELOW:
            return f"{color} looks like {group.color} of group {group.name!r}"
    return ""


def _finding(
    kind: str, place: Place, topic: Topic, group: str, what: str, keyword: str | None
) -> Finding:
    return Finding(kind, place.file, place.line, topic.name, group, keyword, what)
