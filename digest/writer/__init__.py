"""From matched papers to a digest file and back.

`compose` → `Renderer.render` → `replace`; `read_back` is the inverse of the first two. All but
`files` is pure.
"""

from digest.writer.badges import plain
from digest.writer.check import Difference, check, first_difference, marked_again
from digest.writer.compose import compose
from digest.writer.files import keep_aside, remove_leftovers, replace
from digest.writer.read import read_back
from digest.writer.render import Renderer

__all__ = [
    "Difference",
    "Renderer",
    "check",
    "compose",
    "first_difference",
    "keep_aside",
    "marked_again",
    "plain",
    "read_back",
    "remove_leftovers",
    "replace",
]
