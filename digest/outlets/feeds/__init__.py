"""Feeds of papers and of digests, as Atom and as JSON Feed, beside the digests.

`editions → composing → atom, jsonfeed → keeping`. All but `keeping` is pure, and the same digests
give the same bytes.
"""
