"""A complete local archive of arXiv, and a dated Markdown digest made from it every day."""
