"""What a topic asks of a paper besides keywords: its categories and its excluded words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digest.model import Paper, Topic


class Admission:
    """Whether a topic lets a paper in, whatever its keywords."""

    def __init__(self, topic: Topic) -> None:
        self._categories = topic.categories
        self._excluded = whole_words(topic.exclude)

    def admits(self, paper: Paper) -> bool:
        """Whether the categories fit and no excluded word stands in title or abstract."""
        return self.in_categories(paper) and not (
            self._excluded
            and (self._excluded.search(paper.title) or self._excluded.search(paper.abstract))
        )

    def in_categories(self, paper: Paper) -> bool:
        """Whether one of the paper's categories is one of the topic's."""
        return in_categories(paper.categories, self._categories)

    def excluded(self, paper: Paper) -> tuple[str, ...]:
        """The excluded words as they stand in the title and then the abstract, each text once."""
        if not self._excluded:
            return ()
        found = self._excluded.findall(paper.title) + self._excluded.findall(paper.abstract)
        return tuple(dict.fromkeys(found))


def in_categories(categories: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether one of a paper's categories is wanted: `cs.CL` exactly, `cs.*` by its beginning.

    Nothing wanted means any.
    """
    return not wanted or any(_fits(name, want) for name in categories for want in wanted)


def _fits(name: str, want: str) -> bool:
    return name.startswith(want[:-1]) if want.endswith("*") else name == want


def whole_words(words: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that finds any of some excluded words; None if there are none.

    Case does not matter, and a space in one is any white space.
    """
    alternatives = [r"\s+".join(map(re.escape, word.split())) for word in words]
    if not alternatives:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)
