"""arXiv's category names: archives are known by name, their classes by shape.

An unknown class may be one that arXiv has added; a new archive comes once in ten years.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from digest.config.mistakes import mistake

ALLOWED = "arXiv categories such as cs.CL, hep-th or cs.* (any of cs)"

#: Archives whose papers are all in a category below: arXiv finds nothing for the bare name
#: (https://arxiv.org/category_taxonomy, as all archives here).
_DIVIDED = frozenset(
    {"cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat"},
)
#: Archives that were divided later: papers of before are in the bare name.
_DIVIDED_LATER = frozenset({"astro-ph", "cond-mat"})
#: Archives that are one category.
_WHOLE = frozenset(
    {"gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph"}
)
#: Archives that others have taken in; their old papers keep the name
#: (https://github.com/arXiv/arxiv-base, `ARCHIVES_SUBSUMED` of its taxonomy).
_OLD = frozenset(
    {
        *("acc-phys", "adap-org", "alg-geom", "ao-sci", "atom-ph", "bayes-an", "chao-dyn"),
        *("chem-ph", "cmp-lg", "comp-gas", "dg-ga", "funct-an", "mtrl-th", "patt-sol"),
        *("plasm-ph", "q-alg", "solv-int", "supr-con"),
    }
)
_UNDIVIDED = _WHOLE | _OLD
_ARCHIVES = _DIVIDED | _DIVIDED_LATER | _UNDIVIDED
#: The two archives that name their classes in small letters: `physics.flu-dyn`, `cond-mat.soft`.
_SMALL_LETTERS = frozenset({"physics", "cond-mat"})

_NAME = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)?)(?:\.([A-Za-z-]+|\*))?")
_SMALL = re.compile(r"[a-z-]*[a-z][a-z-]*")
_TWO_CAPITALS = re.compile(r"[A-Z]{2}")

#: How alike names are of which one is taken for the other: `hepth`, `quant` and `bio`.
_ALIKE = 0.75


def category_problem(name: str) -> str | None:
    """What is wrong with a category or a pattern like `cs.*`; None if nothing is."""
    match = _NAME.fullmatch(name)
    near = get_close_matches(match[1].lower(), _ARCHIVES, 1, _ALIKE) if match else ()
    if not match or not near:
        return f"{name!r} is not an arXiv category"
    right = _right(near[0], match[2])
    if right == name:
        return None
    if right is None:
        return f"{name!r} is not an arXiv category"
    if name in _DIVIDED:
        return f"{name!r} holds no papers itself: write {right!r}"
    if name.startswith(f"{right}."):
        return f"{name!r} holds no papers: {right} has no parts, write {right!r}"
    return f"{name!r} is not an arXiv category: did you mean {right!r}?"


def _right(archive: str, part: str | None) -> str | None:
    """A category of a known archive as it is written; None if it has no such class."""
    if part in {None, "*"}:
        is_bare = archive in _UNDIVIDED or (archive in _DIVIDED_LATER and part is None)
        return archive if is_bare else f"{archive}.*"
    if archive in _UNDIVIDED:
        return archive
    small = archive in _SMALL_LETTERS
    shape = _SMALL if small else _TWO_CAPITALS
    word = str(part).lower() if small else str(part).upper()
    return f"{archive}.{word}" if shape.fullmatch(word) else None


def _category(name: str) -> str:
    problem = category_problem(name)
    if problem:
        raise mistake(problem)
    return name


def _one_of(archives: frozenset[str]) -> str:
    return f"(?:{'|'.join(sorted(archives))})"


#: What `category_problem` accepts, for editors.
_PATTERN = "|".join(
    (
        rf"^(?:{_one_of(_SMALL_LETTERS)}\.{_SMALL.pattern}",
        rf"{_one_of(_ARCHIVES - _UNDIVIDED - _SMALL_LETTERS)}\.{_TWO_CAPITALS.pattern}",
        rf"{_one_of(_DIVIDED | _DIVIDED_LATER)}\.\*",
        rf"{_one_of(_DIVIDED_LATER | _UNDIVIDED)})$",
    )
)

#: A category or a pattern like `cs.*`.
Category = Annotated[
    str, AfterValidator(_category), WithJsonSchema({"type": "string", "pattern": _PATTERN})
]
