"""What an edit of the keywords would do to the existing digests.

It is the difference between two rebuilds, without making them: only papers with a word that the
edit touches can change, and the archive's index of words shows which papers may have it. Edits
that touch too much for that, such as another style, are tried on every paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from digest.archive import Archive, DigestRecord
from digest.fetcher.announcements import Works
from digest.keywords.sentence import sentence, sentences
from digest.keywords.touched import touched
from digest.matcher import Matcher, whole_words, word_parts
from digest.model import Badge, Digest, Entry, Keyword, Marked, Period, Span, Style, Topic
from digest.model.changes import DayEffect, Effect, PaperMove, Rebadged
from digest.writer.editions import assemble
from digest.writer.format.badges import plain
from digest.writer.format.changes import digest_changes, paper_name
from digest.writer.holdings import Holdings
from digest.writer.order import NewestFirst

#: The keywords and the style of a configuration.
Choice = tuple[Sequence[Topic], Style]

#: With more words than this, reading all texts once is quicker than looking for each of them.
_MOST_WORDS = 200


def effect(
    archive: Archive,
    holdings: Holdings,
    before: Choice,
    after: Choice,
    records: Sequence[DigestRecord],
    *,
    counted: bool,
) -> Effect:
    """What exchanging one choice for another does to some digests.

    Equals the difference between rebuilding these digests before and after. With `counted`,
    digests that were written with yet other keywords are made whole, so that all are counted.
    Raises ArchiveError.
    """
    trial = _Trial(holdings, before, after)
    changing = trial.changing(archive, holdings.span(record.period for record in records))
    made_with = holdings.made_with(*before) if archive.ledger.is_composed(holdings.rule) else None
    days = []
    for record in records:
        papers = record.papers if record.made_with == made_with else None
        if changing is None or (counted and papers is None):
            days.append(trial.whole(record.period, holdings.ids(record.period)))
        else:
            ids = holdings.ids(record.period, changing)
            days.append(trial.part(record.period, ids, papers))
    return Effect(tuple(days))


class _Trial:
    """Digests made twice, with one choice and with the other."""

    def __init__(self, holdings: Holdings, before: Choice, after: Choice) -> None:
        self._holdings = holdings
        self._matchers = Matcher(*before), Matcher(*after)
        self._styles = before[1], after[1]
        self._touched = touched(before[0], after[0]) if before[1] == after[1] else None

    def changing(self, archive: Archive, span: Span) -> Works | None:
        """The papers of a stretch of the sequence that may change; None if each of them may."""
        if self._touched is None:
            return None
        style = self._styles[0]
        excluded = map(_longest_word, self._touched.excluded)
        wanted = {word_parts(word, style) for word in (*self._touched.keywords, *excluded)}
        if len(wanted) > _MOST_WORDS:
            return None
        found = archive.words.works(wanted, span) if wanted else set()
        return None if found is None else Works.of(found)

    def whole(self, period: Period, ids: Sequence[str]) -> DayEffect:
        """The effect on a digest, by trying every paper."""
        before, after = self._made(period, ids)
        return self._effect(before, after, len(before.entries))

    def part(self, period: Period, ids: Sequence[str], papers: int | None) -> DayEffect:
        """The effect on a digest of so many papers, by trying only some that may change."""
        if not ids:
            return DayEffect(period.day, papers, papers)
        return self._effect(*self._made(period, ids), papers)

    def _made(self, period: Period, ids: Sequence[str]) -> tuple[Digest, Digest]:
        """The digest with these papers alone, before and after."""
        wanted = self._holdings.candidates(ids, *self._matchers)
        papers = list(self._holdings.papers(period, wanted))
        before, after = (
            assemble(
                period,
                ((paper, match) for paper in papers if (match := matcher.match(paper))),
                NewestFirst(),
                style,
            ).digest
            for matcher, style in zip(self._matchers, self._styles, strict=True)
        )
        return before, after

    def _effect(self, before: Digest, after: Digest, papers: int | None) -> DayEffect:
        changes = digest_changes(before, after)
        came, went = len(changes.came), len(changes.went)
        return DayEffect(
            day=after.day,
            before=papers,
            after=None if papers is None else papers + came - went,
            came=tuple(map(self._move, changes.came)),
            went=tuple(map(self._move, changes.went)),
            badges=tuple(
                Rebadged(paper_name(one.entry), one.entry.title, one.gained, one.lost)
                for one in changes.badges
            ),
            has_more=changes.has_more,
        )

    def _move(self, entry: Entry) -> PaperMove:
        return PaperMove(paper_name(entry), entry.title, self._shown(entry))

    def _shown(self, entry: Entry) -> Marked:
        """What shows why a paper comes or goes; empty if it is the title."""
        if self._touched and (excluded := whole_words(self._touched.excluded)):
            for part in sentences(entry.abstract):
                if excluded.search(plain(part)):
                    return part
            if excluded.search(entry.title):
                return ()
        texts = (
            {keyword.text.casefold() for keyword in self._touched.keywords} if self._touched else ()
        )

        def wanted(badge: Badge) -> bool:
            return badge.text.casefold() in texts

        shown = sentence(entry.abstract, wanted)
        if not any(isinstance(piece, Badge) and wanted(piece) for piece in shown):
            shown = _byline(entry) or shown
        return shown


def _byline(entry: Entry) -> Marked:
    """Who of a paper's authors is followed; empty if nobody is."""
    followed = [name for name in entry.authors if isinstance(name, Badge)]
    between = ("by ", *[", "] * (len(followed) - 1))
    return tuple(chain(*zip(between, followed, strict=False)))


def _longest_word(excluded: str) -> Keyword:
    """Between the words of an excluded phrase may be any white space, so one word has to do."""
    return Keyword(max(excluded.split(), key=len), whole_word=False, case=False)
