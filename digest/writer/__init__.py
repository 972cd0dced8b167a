"""From matched papers to a digest file and back.

`compose` → `Renderer.render` → `replace`; `read_back` is the inverse of the first two. All but
`files` is pure. The digest says in which style it is written, and reading back finds out.
`read_older` reads digests of older makes, too.
"""

from digest.writer.badges import plain
from digest.writer.changes import BadgeChange, DigestChanges, digest_changes, paper_name
from digest.writer.check import Difference, check, first_difference, marked_again
from digest.writer.compose import compose, entry_of, in_order
from digest.writer.files import (
    check_folder,
    keep_aside,
    remove_leftovers,
    replace,
    written_beside,
)
from digest.writer.index import INDEX_NAME, Listed, frequent_badges, index
from digest.writer.older import read_older
from digest.writer.read import read_back
from digest.writer.render import Renderer

__all__ = [
    "INDEX_NAME",
    "BadgeChange",
    "Difference",
    "DigestChanges",
    "Listed",
    "Renderer",
    "check",
    "check_folder",
    "compose",
    "digest_changes",
    "entry_of",
    "first_difference",
    "frequent_badges",
    "in_order",
    "index",
    "keep_aside",
    "marked_again",
    "paper_name",
    "plain",
    "read_back",
    "read_older",
    "remove_leftovers",
    "replace",
    "written_beside",
]
