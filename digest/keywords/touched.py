"""Which words an edit touches: papers without any of them stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from digest.model import Keyword, Topic


@dataclass(frozen=True, slots=True)
class Touched:
    """Every paper that an edit changes has one of the keywords, or one of the excluded words."""

    keywords: frozenset[Keyword]
    excluded: frozenset[str] = frozenset()

    def __or__(self, other: Touched) -> Touched:
        return Touched(self.keywords | other.keywords, self.excluded | other.excluded)


def touched(before: Sequence[Topic], after: Sequence[Topic]) -> Touched | None:
    """What an edit of the topics touches, in any one style; None if it may be anything.

    Badges are given topic by topic, so that another order of the topics may change any paper. Where
    authors suffice, what changes the whole topic may change any paper, too: only words are indexed.
    """
    old, new = ({topic.name: topic for topic in topics} for topics in (before, after))
    both = old.keys() & new.keys()
    if [name for name in old if name in both] != [name for name in new if name in both]:
        return None
    words = Touched(frozenset())
    parts = [_least(old.get(name) or new[name]) for name in old.keys() ^ new.keys()]
    parts += [_topic(old[name], new[name]) for name in both]
    for part in parts:
        if part is None:
            return None
        words |= part
    return words


def _topic(old: Topic, new: Topic) -> Touched | None:
    """Of one topic that is there before and after."""
    if old == new:
        return Touched(frozenset())
    if _frame(old) != _frame(new):
        before, after = _least(old), _least(new)
        return before | after if before and after else None
    words: frozenset[Keyword] = frozenset()
    for one, other in zip(old.groups, new.groups, strict=True):
        words |= _moved(one.keywords, other.keywords)
    return Touched(words, frozenset(old.exclude) ^ frozenset(new.exclude))


def _least(topic: Topic) -> Touched | None:
    """What every paper of a topic has: one keyword of each group, so one of the smallest.

    None if its authors may be all it has.
    """
    if topic.sufficing:
        return None
    smallest = min(topic.groups, key=lambda group: len(group.keywords))
    return Touched(frozenset(smallest.keywords))


def _frame(topic: Topic) -> object:
    """All of a topic but its words."""
    colors = [group.color for group in topic.groups]
    return topic.categories, colors, topic.authors, topic.authors_suffice


def _moved(old: Sequence[Keyword], new: Sequence[Keyword]) -> frozenset[Keyword]:
    """Those that are in one of the lists only, or not in the same order among the others."""
    words = set(old) | set(new)
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        words -= set(old[block.a : block.a + block.size])
    return frozenset(words)
