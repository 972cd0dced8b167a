"""Followed authors among the authors of papers; `digest.model.names` has the rule."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

from ahocorasick_rs import AhoCorasick

from digest.model import Author, Badge
from digest.model.names import Wanted, squeezed, wanted, words


class Following:
    """Finds some authors among names; built once, used for any number of papers."""

    def __init__(self, authors: Sequence[Author]) -> None:
        self.authors = tuple(authors)
        self._exact: dict[str, int] = {}
        self._by_family: dict[str, list[tuple[int, Wanted]]] = {}
        for number, author in enumerate(self.authors):
            if author.exact:
                self._exact.setdefault(_exact(author.name), number)
            else:
                name = wanted(author.name)
                self._by_family.setdefault(name.family, []).append((number, name))
        letters = {*self._by_family, *map(squeezed, self._exact)}
        self._glance = AhoCorasick(sorted(letters)) if letters else None

    def is_in(self, text: str) -> bool:
        """Whether one of them is in a text of names, one a line; quick where none is."""
        if self._glance is None or not self._glance.find_matches_as_indexes(squeezed(text)):
            return False
        return self.is_among(text.split("\n"))

    def is_among(self, names: Sequence[str]) -> bool:
        """Whether one of some names is one of them."""
        return self._glance is not None and any(map(self.find, names))

    def find(self, name: str) -> Author | None:
        """The author that a name is, the first one if it may be several."""
        found = []
        if self._exact and (exact := _exact(name)) in self._exact:
            found.append(self._exact[exact])
        if self._by_family:
            parts = words(name)
            family = ""
            for at in range(len(parts) - 1, -1, -1):
                family = parts[at].rstrip(".") + family
                for number, one in self._by_family.get(family, ()):
                    if one.fits(parts[:at]):
                        found.append(number)
        return self.authors[min(found)] if found else None

    def badges(self, names: Sequence[str]) -> dict[str, Badge]:
        """A badge for each of the names that is followed, by the name on one line."""
        if self._glance is None:
            return {}
        found = ((" ".join(name.split()), self.find(name)) for name in names)
        return {name: Badge(name, author.color) for name, author in found if author}


def _exact(name: str) -> str:
    """Equal for names of the same letters, however they are encoded and spaced."""
    return " ".join(normalize("NFC", name).split())
