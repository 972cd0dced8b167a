"""From matched papers to a digest file and back.

`compose` → `Renderer.render` → `replace`; `read_back` is the inverse of the first two. The digest
says in which style it is written, and reading back finds out. `read_older` reads digests of older
makes, too.
"""
