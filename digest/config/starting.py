"""The configuration of a new workspace about one topic of the reader's own, short and commented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from digest.config.defaults import shipped

_KEYWORDS = """\
#:schema ./keywords.schema.json

# What to look for. A paper is in the digest if it fits a topic: it is in one of the categories, and
# its abstract holds at least one keyword of EACH group. Within a group one keyword is enough.

[[topic]]
name = {name}

# Only papers of these arXiv categories, such as ["cs.CL", "stat.*"]. Empty: any.
categories = {categories}

# A paper with one of these words in title or abstract is left out.
exclude = []

[[topic.group]]
name = "keywords"

# The colour of the badges: red, green, blue.
color = "F08080"
keywords = {keywords}
"""

_CONTACT = 'contact = ""'


@dataclass(frozen=True, slots=True)
class Start:
    """What a new workspace is about; with neither categories nor keywords, the shipped example."""

    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    name: str = ""
    contact: str = ""

    @property
    def is_example(self) -> bool:
        """Whether the shipped keywords are wanted."""
        return not (self.categories or self.keywords or self.name)

    def texts(self) -> dict[str, str]:
        """The files that differ from the shipped ones."""
        found = {}
        if not self.is_example:
            found["config/keywords.toml"] = _KEYWORDS.format(
                name=_text(self.name or (*self.categories, *self.keywords)[0]),
                categories=_array(self.categories),
                keywords=_array(self.keywords),
            )
        if self.contact:
            filled = f"contact = {_text(self.contact)}"
            found["config/digest.toml"] = shipped("config/digest.toml").replace(_CONTACT, filled, 1)
        return found


def _text(text: str) -> str:
    """A basic string of TOML, which is that of JSON for all texts without U+007F."""
    return json.dumps(text, ensure_ascii=False)


def _array(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"
