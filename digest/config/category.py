"""arXiv's category names, as far as a wrong one can be told by its shape."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from digest.config.mistakes import mistake

ALLOWED = "arXiv categories such as cs.CL, hep-th or cs.* (any of cs)"

_NAME = re.compile(r"([a-z]+(?:-[a-z]+)?)(?:\.([A-Za-z-]+|\*))?")
_TWO_CAPITALS = re.compile(r"[A-Z]{2}")

#: Archives whose papers are all in a category below: arXiv finds nothing for the bare name
#: (https://arxiv.org/category_taxonomy).
_DIVIDED = frozenset(
    {"cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat"},
)
#: The two archives that name theirs in small letters: `physics.flu-dyn`, `cond-mat.soft`.
_SMALL_LETTERS = frozenset({"physics", "cond-mat"})


def category_problem(name: str) -> str | None:
    """What is wrong with a category or a pattern like `cs.*`; None if nothing is."""
    match = _NAME.fullmatch(name)
    if match is None:
        return f"{name!r} is no arXiv category"
    archive, part = match.groups()
    if part is None:
        return f"{name!r} holds no papers itself: write '{name}.*'" if archive in _DIVIDED else None
    if part == "*":
        return None
    if archive in _SMALL_LETTERS:
        good = part.islower()
        suggestion = part.lower()
    else:
        good = _TWO_CAPITALS.fullmatch(part) is not None
        suggestion = part.upper()
    if good:
        return None
    if archive not in _SMALL_LETTERS and not _TWO_CAPITALS.fullmatch(suggestion):
        return f"{name!r} is no arXiv category"
    return f"{name!r} is no arXiv category: did you mean '{archive}.{suggestion}'?"


def _category(name: str) -> str:
    problem = category_problem(name)
    if problem:
        raise mistake(problem)
    return name


_LETTERS = "|".join(sorted(_SMALL_LETTERS))

#: What `category_problem` accepts, for editors.
_PATTERN = (
    rf"^(?:(?:{_LETTERS})\.(?:\*|[a-z-]*[a-z][a-z-]*)"
    rf"|(?!(?:{_LETTERS})\.)[a-z]+(?:-[a-z]+)?\.(?:\*|[A-Z]{{2}})"
    rf"|(?!(?:{'|'.join(sorted(_DIVIDED))})$)[a-z]+(?:-[a-z]+)?)$"
)

#: A category or a pattern like `cs.*`.
Category = Annotated[
    str, AfterValidator(_category), WithJsonSchema({"type": "string", "pattern": _PATTERN})
]
