"""Papers whose texts try to break whatever they are written into, for hypothesis."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hostile import badges, joined, texts
from hypothesis import strategies as st

from digest.matcher import Match
from digest.model import CLEAN, SOURCE, Paper, Period
from digest.outlets.exports import Picked
from digest.writer.editions import Edition, Shown
from digest.writer.format.entries import entry_of

ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[here](javascript:alert(1))",
    "<b>never closed <i",
    "x" * 10_000,
    "\u202egnp.exe\u202c \u200fשלום\u200f",
    "]]> <![CDATA[ &lt; &amp;amp; <?xml version='1.0'?>",
    "}}\n\n@comment{gone",
    "{{{ unbalanced",
    "\\input{/etc/passwd} $\\input{/etc/passwd}$ \\write18{id} % the rest",
    "ER  - \nTY  - JOUR\nTI  - another",
    '=HYPERLINK("https://bad.example","x")',
    "@SUM(1)\t'=1",
    "\x00\x07\x1b[31m\x7f\x85\u2028\ufffe",
    "Über $O(n^2)$-Łódź: ħ, ű, ș, ß and the ﬁeld of naïve Straße",
    "$a{b$ and $\\frac{1}{2}$ and $\\{x\\}$ and $\\{y$",
]
PEOPLE = [
    *("Jan van der Berg", "Mara Quill Jr.", "Plato", "The ATLAS and CMS Collaborations", "others"),
    *("José Łukasz Żółć", "Smith, Jr.", "de la Cruz", "A. B. C", "Ödön von Horn III", "and", " "),
    *("X. {", "} Y", "and And and", "Foo AND Bar", "a b", "\\ \\", "O'Neill d'Arc", "王 小明"),
]

_texts = texts | st.sampled_from(ATTACKS)
_people = st.sampled_from(PEOPLE) | _texts
_ids = st.from_regex(r"(?:[01][0-9])(?:0[1-9]|1[0-2])\.[0-9]{4}", fullmatch=True).map(
    lambda number: number if number[:2] < "15" else f"{number}0"
) | st.from_regex(r"(?:hep-th|math)/9[0-9]0[1-9][0-9]{3}", fullmatch=True)
_moments = st.integers(7 * 10**8, 4 * 10**9).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)

papers = st.builds(
    Paper,
    id=_ids,
    version=st.integers(1, 9),
    url=st.just("http://arxiv.org/abs/2511.21669v1") | _texts,
    title=_texts,
    abstract=_texts,
    authors=st.lists(_people, max_size=4).map(tuple),
    categories=st.lists(st.sampled_from(["cs.CL", "hep-th"]) | _texts, max_size=2).map(tuple),
    published=_moments,
    updated=_moments,
    comment=st.none() | _texts,
    doi=st.none() | st.sampled_from(["10.1000/a_b(1)<2>", "10.1/%{}"]) | _texts,
    journal_ref=st.none() | _texts,
)
_topics = st.lists(st.sampled_from(["efficient-llm", "Über; alles", "=1"]), unique=True).map(tuple)
_marked = st.lists(_texts | badges, max_size=4).map(joined)
_days = st.dates(date(2025, 11, 3), date(2025, 11, 28))

picked = st.lists(
    st.builds(Picked, papers, _days, _days, _days, _topics, _marked),
    max_size=4,
    unique_by=lambda one: one.paper.id,
)


@st.composite
def editions(draw: st.DrawFn) -> list[Edition]:
    """Some digests, days ascending, with each paper in one of them."""
    days = sorted(draw(st.lists(_days, unique=True, max_size=3)))
    every = draw(st.lists(papers, max_size=6, unique_by=lambda paper: paper.id))
    style = draw(st.sampled_from([SOURCE, CLEAN]))
    found = []
    for number, day in enumerate(days):
        shown = []
        for paper in every[number :: len(days)]:
            match = Match(draw(_topics), draw(_marked))
            shown.append(Shown(paper, match, entry_of(paper, match, style)))
        state = draw(st.sampled_from(["complete", "partial"]))
        found.append(Edition(Period(day, frozenset()), style, tuple(shown), state))
    return found
