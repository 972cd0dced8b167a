r"""Keywords in an abstract, turned into badges. Pure: no files, no network, no clock.

What a keyword finds depends on the style and on what it says itself:

| keyword              | style "source"        | style "clean"                         |
|----------------------|-----------------------|---------------------------------------|
| plain                | anywhere, as written  | a whole word with its regular         |
|                      |                       | inflections, in any case              |
| `case = true`        | as written            | as written                            |
| `case = false`       | in any case           | in any case                           |
| `whole_word = true`  | a whole word          | a whole word without inflections      |
| `whole_word = false` | anywhere              | anywhere, without inflections         |

Anywhere means inside words, too. What a keyword does not say is as for a plain one.

- A whole word has no letter, digit, underscore or combining mark on either side. Scripts that are
  written without spaces, such as Chinese, have no such sides.
- Inflections go from a word to longer forms, `decoder` and `decoding` from `decode`, and not back.
  Of a phrase the last word is inflected.
- In the clean style a space, a hyphen and a dash (U+2010 to U+2015, `--`) stand for each other:
  `KV cache` and `KV-cache` are the same keyword. So do `'` and `’`. A line end separates nothing.
- In the clean style the title counts, too.
- In the clean style a keyword does not count in a link, an e-mail address or math: it gives no
  badge there and brings no paper into a digest. Nor does one that has such a place within.
- A topic's followed authors have badges where a paper satisfies it. Where they suffice, a paper of
  theirs needs no keyword; categories and excluded words count all the same.
- A badge carries the text as found. Earlier keywords take their text first, and each keyword from
  the beginning of the abstract to its end.
"""

from digest.matcher.examination import (
    Examination,
    GroupFinding,
    Occurrence,
    Placed,
    Signature,
    Verdict,
)
from digest.matcher.matching import Match, Matcher
from digest.matcher.rules import whole_words
from digest.matcher.shadows import never_matching
from digest.matcher.word_parts import word_parts

__all__ = [
    "Examination",
    "GroupFinding",
    "Match",
    "Matcher",
    "Occurrence",
    "Placed",
    "Signature",
    "Verdict",
    "never_matching",
    "whole_words",
    "word_parts",
]
