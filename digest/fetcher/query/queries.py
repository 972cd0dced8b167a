"""What a scope asks of arXiv, in arXiv's query language.

The language has no precedence and its operators are right-associative: `cat:A OR cat:B AND d` is
`A OR (B AND d)`. So everything is bracketed. Bounds of submission times are whole minutes and
count on both ends (arXiv/arxiv-search, classic API).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from unicodedata import category

from digest.model import Author, Keyword, Topic, Window
from digest.model.errors import UsageError
from digest.model.names import family_name, fold

#: More terms than this in one query, and arXiv answers 500 (960 worked, 1,000 did not).
MOST_TERMS = 900

_WORD = re.compile(r"\w+")

#: What ends a phrase, and what makes TeX or something else of the letters behind it.
_UNQUOTABLE = re.compile(r'["\\$]')

#: The words that arXiv's English field does not have: Lucene's own list.
_STOP_WORDS = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is"),
        *("it", "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there"),
        *("these", "they", "this", "to", "was", "will", "with"),
    )
)

#: Letters that differ in nothing but their form.
_FORMS = {form: forms for forms in ("µμ", "σς", "βϐ", "θϑ", "φϕ", "πϖ", "κϰ", "ρϱ", "εϵ")
          for form in forms}  # fmt: skip
_MOST_VARIANTS = 3


#: What each term begins with. A keyword may have such a text in it; then one term counts as two.
_FIELDS = (' abs:"', '(abs:"', ' au:"', '(au:"', "cat:")

#: The spellings that a keyword stands for.
Spellings = Callable[[Keyword], Sequence[str]]


def as_written(keyword: Keyword) -> Sequence[str]:
    """The keyword alone."""
    return (keyword.text,)


def scope_query(
    scope: str | Sequence[str], topics: Sequence[Topic], spellings: Spellings = as_written
) -> str:
    """The part of every query that the scope adds, bracketed; empty for all of arXiv.

    `scope` is "all", "topics" or a list of categories such as `cs.*`. `spellings` tells what else a
    keyword stands for; what arXiv's stems find anyway is not sent. Excluded words are not
    sent: arXiv compares stems, and `spiking` would take every paper with `spikes` away as well. Of
    authors who suffice the family names are asked for: arXiv knows nothing of initials.
    Raises UsageError if the topics have more keywords than one query can hold.
    """
    if scope == "all":
        return ""
    if scope != "topics":
        return _any(f"cat:{category}" for category in scope)
    queries = [_topic_query(topic, spellings) for topic in topics]
    if any(not query for query in queries):
        return ""
    query = _any(queries)
    if sum(map(query.count, _FIELDS)) > MOST_TERMS:
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


def _topic_query(topic: Topic, spellings: Spellings) -> str:
    """One topic, or nothing if no part of it can be asked for."""
    groups = []
    for group in topic.groups:
        terms = [
            _term(spelling)
            for keyword in group.keywords
            for spelling in _told_apart(spellings(keyword))
        ]
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
    """A phrase as it is; nothing for a text without a letter or digit that arXiv's index has.

    Quoted it is looked for verbatim as well as by its stems: `abs:will` alone finds nothing.
    """
    phrase = " ".join(_UNQUOTABLE.sub(" ", text).split())
    return f'{field}:"{phrase}"' if any(map(_is_indexed, phrase)) else ""


def _is_indexed(sign: str) -> bool:
    return sign.isalnum() and category(sign) != "No"


def _told_apart(spellings: Iterable[str]) -> Iterator[str]:
    """Spellings without those that arXiv's stems find anyway."""
    seen = set[tuple[str, ...]]()
    for spelling in spellings:
        for variant in _variants(spelling):
            key = tuple(map(_key, _WORD.findall(variant.lower())))
            if key not in seen:
                seen.add(key)
                yield variant


def _key(word: str) -> str:
    """What arXiv's English field makes of a word; a stop word is in the other field only."""
    return f"={word}" if word in _STOP_WORDS or not word.isascii() else _stem()(word)


@cache
def _stem() -> Callable[[str], str]:
    """Porter's stemmer; importing it takes longer than most commands do."""
    from snowballstemmer import stemmer

    stem: Callable[[str], str] = stemmer("porter").stemWord
    return stem


def _variants(text: str) -> Iterator[str]:
    """A text with every letter in its forms that are one letter where case does not count.

    arXiv's index keeps them apart: a paper may have the Greek letter or the micro sign.
    """
    forms = [_FORMS.get(sign, sign) for sign in text]
    many = [place for place, found in enumerate(forms) if len(found) > 1]
    if len(many) > _MOST_VARIANTS:
        yield text
        return
    yield from ("".join(signs) for signs in product(*forms))
