"""Keywords in an abstract, turned into badges. Pure: no files, no network, no clock."""

from digest.matcher.matching import Match, Matcher

__all__ = ["Match", "Matcher"]
