"""What a scope asks of arXiv, in arXiv's query language.

The language has no precedence and its operators are right-associative: `cat:A OR cat:B AND d` is
`A OR (B AND d)`. So everything is bracketed. Bounds of submission times are whole minutes and
count on both ends (arXiv/arxiv-search, classic API).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from digest.model import Author, Topic, Window
from digest.model.errors import UsageError
from digest.model.names import family_name, fold

#: More terms than this in one query, and arXiv answers 500 (960 worked, 1,000 did not).
MOST_TERMS = 900

_OPERATORS = {"AND", "OR", "ANDNOT", "NOT", "TO"}

#: Letters and digits; accents that are characters of their own belong to the letter before.
_LETTERS = r"[\w\u0300-\u036f]+"
_WORD = re.compile(rf"{_LETTERS}(?:[-.'+]{_LETTERS})*")
_PLAIN = re.compile(_LETTERS)


def scope_query(scope: str | Sequence[str], topics: Sequence[Topic]) -> str:
    """The part of every query that the scope adds, bracketed; empty for all of arXiv.

    `scope` is "all", "topics" or a list of categories such as `cs.*`. Excluded words are not
    sent: arXiv compares stems, and `spiking` would take every paper with `spikes` away as well. Of
    authors who suffice the family names are asked for: arXiv knows nothing of initials.
    Raises UsageError if the topics have more keywords than one query can hold.
    """
    if scope == "all":
        return ""
    if scope != "topics":
        return _any(f"cat:{category}" for category in scope)
    queries = [_topic_query(topic) for topic in topics]
    if any(not query for query in queries):
        return ""
    query = _any(queries)
    if query.count(":") > MOST_TERMS:
        raise UsageError(
            f"scope: the topics have more than {MOST_TERMS} keywords and authors, too many for one "
            "query",
            hint='set scope = "all" in config/digest.toml',
        )
    return query


def window_query(window: Window, scope: str) -> str:
    """All papers of a scope submitted in a window; both of arXiv's bounds are inclusive.

    The window's end comes with it: a paper of that very second belongs to the next window.
    """
    dates = f"submittedDate:[{window.start:%Y%m%d%H%M} TO {window.end:%Y%m%d%H%M}]"
    return f"{scope} AND {dates}" if scope else dates


def _topic_query(topic: Topic) -> str:
    """One topic, or nothing if no part of it can be asked for."""
    groups = []
    for group in topic.groups:
        terms = [_term(keyword.text) for keyword in group.keywords]
        # A keyword without a letter or digit cannot be asked for, so its group cannot narrow.
        groups.append(_any(terms) if all(terms) else "")
    keywords = _all(groups)
    authors = [term for author in topic.sufficing for term in _author_terms(author)]
    if authors and (keywords or not topic.groups):
        keywords = _any(filter(None, [keywords, *authors]))
    return _all([_any(f"cat:{category}" for category in topic.categories), keywords])


def _author_terms(author: Author) -> list[str]:
    """The family name as it is written, and without accents: an index may know either."""
    name = family_name(author.name)
    forms = {form.lower(): form for form in (fold(name), name)}
    return [_term(form, "au") for form in forms.values()]


def _all(parts: Iterable[str]) -> str:
    asked = [part for part in parts if part]
    return f"({' AND '.join(asked)})" if len(asked) > 1 else "".join(asked)


def _any(terms: Iterable[str]) -> str:
    joined = " OR ".join(terms)
    return f"({joined})" if joined else ""


def _term(text: str, field: str = "abs") -> str:
    words = [word for word in _WORD.findall(text) if any(map(str.isalnum, word))]
    if len(words) == 1 and _PLAIN.fullmatch(words[0]) and words[0] not in _OPERATORS:
        return f"{field}:{words[0]}"
    return f'{field}:"{" ".join(words)}"' if words else ""
