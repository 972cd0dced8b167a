"""The order of the papers in a digest: newest first, or by likeness to the reader's library.

`library` reads the files; all else is pure. What goes by likeness is imported where it is wanted.
"""

from digest.writer.order.ordering import NewestFirst, Ordering, Placed, Relevance

__all__ = ["NewestFirst", "Ordering", "Placed", "Relevance"]
