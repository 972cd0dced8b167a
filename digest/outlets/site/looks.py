"""How keywords look and where their pages are, from the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digest.model import Topic
from digest.outlets.site.addresses import keyword_page, keyword_slugs
from digest.outlets.site.text import possible


@dataclass(frozen=True, slots=True)
class Word:
    """A keyword on a page; `look` is its CSS class, `page` its own page."""

    name: str
    slug: str
    look: str

    @property
    def page(self) -> str:
        """The page of the keyword."""
        return keyword_page(self.slug)


class Looks:
    """The keywords of all topics. The first group that has a keyword gives it its colour."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        groups = [group for topic in topics for group in topic.groups]
        colors = dict.fromkeys(
            [group.color for group in groups]
            + [author.color for topic in topics for author in topic.authors]
        )
        #: The CSS class of each colour.
        self.classes = {color: f"k-{number}" for number, color in enumerate(colors)}
        #: The names of the topics.
        self.topics = [possible(topic.name) for topic in topics]
        slugs = keyword_slugs(word.text for group in groups for word in group.keywords)
        self._words: dict[str, Word] = {}
        self.groups: list[tuple[str, list[Word]]] = []
        for topic in topics:
            for group in topic.groups:
                words = [
                    Word(text, slugs[text], self.classes[group.color])
                    for text in dict.fromkeys(word.text for word in group.keywords)
                ]
                new = [word for word in words if word.name not in self._words]
                self._words |= {word.name: word for word in new}
                name = f"{topic.name}: {group.name}" if len(topics) > 1 else group.name
                self.groups.append((name, new))

    @property
    def names(self) -> list[str]:
        """All keywords in the order of the configuration."""
        return list(self._words)

    def words(self, keywords: Iterable[str]) -> list[Word]:
        """Keywords as pages show them."""
        return [self._words[name] for name in keywords if name in self._words]
