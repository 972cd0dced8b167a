"""The digest format: an entry of each paper, the bytes of a digest, and back. Pure.

`entries` → `view` → `render`; `read` is the inverse. The digest says in which style it is written,
and reading finds out. `older` reads digests of older makes, too.
"""
