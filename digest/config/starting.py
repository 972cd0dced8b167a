"""The keyword file of a new workspace that is about one topic of its user's."""

from __future__ import annotations

import re
from collections.abc import Sequence

import tomlkit

from digest.config.category import category_problem
from digest.config.defaults import shipped
from digest.model.errors import UsageError

_FILE = """\
#:schema ./keywords.schema.json

# What you follow. A paper is in the digest if it satisfies one topic: one keyword of every group.
# `digest keywords add`, `remove` and `add-group` edit this file and first show what that changes.

[[topic]]
name = {name}

# Only papers of these arXiv categories, such as "cs.CL" or "cs.*". Empty: any.
categories = {categories}

# A paper with one of these words in its title or abstract is left out.
exclude = []

# Within a group keywords are alternatives. A second [[topic.group]] narrows the search.
[[topic.group]]
name = "keywords"
color = "F08080"
keywords = {keywords}
"""

_CONTACT = re.compile(r"[!-~]{1,200}")


def keyword_file(name: str, categories: Sequence[str], keywords: Sequence[str]) -> str:
    """The text of `keywords.toml` for one topic with one group.

    Raises UsageError for what is not an arXiv category and where there is nothing to look for.
    """
    if problems := list(filter(None, map(category_problem, categories))):
        raise UsageError("; ".join(problems), hint="https://arxiv.org/category_taxonomy lists them")
    words = list(dict.fromkeys(" ".join(word.split()) for word in keywords))
    if not all(words) or not words:
        raise UsageError(
            "a topic needs a keyword",
            hint='for instance --keyword qubit --keyword "error correction"',
        )
    return _FILE.format(
        name=_toml(name.strip() or words[0]),
        categories=_toml(list(dict.fromkeys(categories))),
        keywords=_toml(words),
    )


def settings_file(contact: str) -> str:
    """The text of `digest.toml` with an address for arXiv. Raises UsageError for an invalid one."""
    text = shipped("config/digest.toml")
    if not contact:
        return text
    if not _CONTACT.fullmatch(contact):
        raise UsageError(
            f"{contact!r} cannot be sent in a header", hint="give an e-mail address or a URL"
        )
    return text.replace('\ncontact = ""\n', f"\ncontact = {_toml(contact)}\n")


def _toml(value: object) -> str:
    return tomlkit.item(value).as_string()
